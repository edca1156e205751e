"""Which of the configuration's lists LivePerson does not give, why in words, and when each is asked for again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from interactions.liveperson import LivePersonError, Refused, ServiceNotEnabled
from interactions.models import Account

GROUPS, SKILLS, USERS, AUTOMATIC = "groups", "skills", "users", "automatic"
# Groups before users: a user's group must exist.
LISTS = (GROUPS, SKILLS, USERS, AUTOMATIC)
AFTER_A_REFUSAL, AFTER_ANOTHER_FAULT = timedelta(hours=1), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Words:
    name: str
    meanwhile: str
    privilege: str


_WORDS = {
    GROUPS: _Words("agent groups", "groups and their names come from conversations", "Agent Groups"),
    SKILLS: _Words("skills", "skills and their names come from conversations", "Skills"),
    USERS: _Words("users", "names come from conversations", "Users"),
    AUTOMATIC: _Words("automatic messages", "they are told from agents' words by other signs", "Automatic Messages"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One list that is not read: `detail` says what happened, what it means and who does what."""

    name: str
    detail: str
    since: datetime
    retry_at: datetime


def note(account: Account, name: str, error: Exception, now: datetime) -> Refusal:
    """Write down at the account that a list could not be read; it keeps since when."""
    known = account.configuration_trouble.get(name)
    is_privilege = getattr(error, "status", None) == 403
    wait = AFTER_A_REFUSAL if is_privilege else AFTER_ANOTHER_FAULT
    since = known["since"] if known else now.isoformat()
    row = {"detail": sentence(name, error), "since": since, "retry_at": (now + wait).isoformat()}
    _keep(account, {**account.configuration_trouble, name: row})
    return _refusal(name, row)


def may_ask(retry_at: datetime, now: datetime) -> bool:
    """Whether a pause is over; one longer than any was set by a clock that was ahead."""
    return not now < retry_at <= now + AFTER_A_REFUSAL


def clear(account: Account, name: str) -> bool:
    """The list was read; says whether it had been refused before."""
    if name not in account.configuration_trouble:
        return False
    _keep(account, {key: row for key, row in account.configuration_trouble.items() if key != name})
    return True


def sentence(name: str, error: Exception) -> str:
    words = _WORDS[name]
    if getattr(error, "status", None) == 403:
        remedy = f"until an administrator gives it the {words.privilege} privilege"
        return f"The key may not read {words.name}: {words.meanwhile} {remedy}."
    if isinstance(error, ServiceNotEnabled):
        return f"LivePerson has no service that lists {words.name} for this account: {words.meanwhile}."
    if isinstance(error, Refused):
        what = f"LivePerson refuses the list of {words.name} ({error.status})"
        return f"{what}: {words.meanwhile}. An operator must check the account and its services."
    if isinstance(error, LivePersonError):
        what = f"LivePerson's list of {words.name} is not in the form that is expected"
        return f"{what}: {words.meanwhile} until it is."
    # Without the error's words: they can quote the list.
    return f"The list of {words.name} could not be stored ({type(error).__name__}): {words.meanwhile} until it can."


def refusals(account: Account | None) -> Iterator[Refusal]:
    """What is written down at the account, in the order of the lists."""
    rows = account.configuration_trouble if account else {}
    return (_refusal(name, rows[name]) for name in LISTS if name in rows)


def _refusal(name: str, row: dict[str, Any]) -> Refusal:
    since, retry_at = (datetime.fromisoformat(row[key]) for key in ("since", "retry_at"))
    return Refusal(name, row["detail"], since, retry_at)


def _keep(account: Account, rows: dict[str, Any]) -> None:
    account.configuration_trouble = rows
    account.save(update_fields=["configuration_trouble"])
