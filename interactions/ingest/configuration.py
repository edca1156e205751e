"""Users, skills, agent groups and automatic messages: who and what conversations refer to."""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from django.db import DataError, IntegrityError, transaction

from interactions.ingest import refusals
from interactions.ingest.derive import AutomaticTexts, plain
from interactions.ingest.refusals import AUTOMATIC, GROUPS, LISTS, SKILLS, USERS
from interactions.liveperson import AgentGroup as GroupRecord
from interactions.liveperson import (
    AutomaticMessage,
    Client,
    LivePersonError,
    NotModified,
    Refused,
    Revisioned,
    ServiceNotEnabled,
    UnexpectedResponse,
    User,
)
from interactions.liveperson import Skill as SkillRecord
from interactions.models import Account, Agent, AgentGroup, AgentKind, Skill

logger = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(minutes=10)
_KINDS = {"0": AgentKind.SYSTEM, "1": AgentKind.HUMAN, "2": AgentKind.BOT}
_T = TypeVar("_T")
# Answered, but not with this list; or with one that the database refuses. Other lists may be well.
_OF_ONE_LIST = (Refused, UnexpectedResponse, DataError, IntegrityError, ValueError, TypeError, OverflowError)


@dataclass(slots=True)
class Taken:
    """What a reading of the lists brought: how many entries, and in words which lists were refused."""

    count: int = 0
    refused: list[str] = field(default_factory=list)


def read_configuration(client: Client, now: datetime, names: Collection[str] = LISTS) -> Taken:
    """Read what changed since the last revision of these lists, each for itself.

    A list that is refused or garbled is noted at the account and hinders no other. Raises LivePersonError for
    what concerns every call: a key refused, calls limited, no answer.
    """
    account = Account.objects.get()
    taken, wanted = Taken(), set(names)
    for name in LISTS:
        if name not in wanted:
            continue
        try:
            taken.count += _READ[name](client, account)
        except _OF_ONE_LIST as error:
            logger.warning("list not read", extra={"list": name, "error": _kind(error)})
            taken.refused.append(refusals.note(account, name, error, now).detail)
        else:
            if refusals.clear(account, name) and name == GROUPS:
                # The users were stored without the groups that were unknown then.
                account.users_revision = ""
                account.save(update_fields=["users_revision"])
                wanted |= {USERS} - account.configuration_trouble.keys()
    if wanted - account.configuration_trouble.keys() or account.configuration_read_at is None:
        account.configuration_read_at = now
        account.save(update_fields=["configuration_read_at"])
    return taken


def _kind(error: Exception) -> str:
    return f"{type(error).__name__} {getattr(error, 'status', None) or ''}".strip()


def due_lists(now: datetime) -> list[str]:
    """The lists to read now: all every ten minutes, but a refused one when its own pause is over."""
    account = Account.objects.first()
    read_at = account.configuration_read_at if account else None
    # Also when it was read in the future: by a clock that has been set back since.
    is_due = read_at is None or not now - AGAIN_AFTER < read_at <= now
    paused = {refusal.name: refusal.retry_at for refusal in refusals.refusals(account)}
    return [name for name in LISTS if (refusals.may_ask(paused[name], now) if name in paused else is_due)]


def automatic_texts() -> AutomaticTexts:
    """The configured automatic messages as last read."""
    return AutomaticTexts(Account.objects.values_list("automatic_texts", flat=True).first() or ())


def _list(
    read: Callable[..., Revisioned[_T] | NotModified],
    account: Account,
    field: str,
    save: Callable[[Iterable[_T]], None],
) -> int:
    answer = read(revision=getattr(account, field) or None)
    if isinstance(answer, NotModified):
        return 0
    with transaction.atomic():
        save(answer.items)
        setattr(account, field, (answer.revision or "")[:64])
        account.save(update_fields=[field])
    return len(answer.items)


def _by_id(items: Iterable[_T], ident_of: Callable[[_T], str | None]) -> dict[str, _T]:
    """By the id under which conversations name them; what has none that fits is left out."""
    return {plain(ident): item for item in items if (ident := ident_of(item)) is not None and len(ident) <= 64}


def _save_groups(items: Iterable[GroupRecord]) -> None:
    groups = _by_id(items, attrgetter("group_id"))
    _upsert(
        AgentGroup,
        groups,
        {ident: {"name": item.name, "is_deleted": item.is_deleted} for ident, item in groups.items()},
    )
    known = {row.liveperson_id: row for row in AgentGroup.objects.all()}
    moved = []
    for ident, item in groups.items():
        parent = known.get(plain(item.parent_id or ""))
        row = known[ident]
        if row.parent_id != (parent.pk if parent else None) and (parent is None or parent.pk != row.pk):
            row.parent = parent
            moved.append(row)
    AgentGroup.objects.bulk_update(moved, ["parent"])


def _save_skills(items: Iterable[SkillRecord]) -> None:
    skills = _by_id(items, attrgetter("skill_id"))
    _upsert(
        Skill,
        skills,
        {ident: {"name": item.name, "is_deleted": item.is_deleted} for ident, item in skills.items()},
    )


def _save_users(items: Iterable[User]) -> None:
    users = _by_id(items, attrgetter("user_id"))
    groups = dict(AgentGroup.objects.values_list("liveperson_id", "pk"))
    _upsert(Agent, users, {ident: _user_columns(item, groups) for ident, item in users.items()})
    Agent.objects.filter(liveperson_id__in=list(users)).put_in_order()


def _user_columns(item: User, groups: dict[str, int]) -> dict[str, Any]:
    group = next((groups[ident] for ident in map(plain, item.group_ids) if ident in groups), None)
    return {
        "pid": item.pid and plain(item.pid),
        # Blank here by the API's design; names known from conversations stay.
        "full_name": item.full_name,
        "nickname": item.nickname,
        "login_name": item.login_name,
        "kind": _KINDS.get(item.user_type or ""),
        "is_deleted": item.is_deleted,
        "group_id": group,
    }


def _upsert(model: type[Any], items: Iterable[Any], columns: dict[Any, dict[str, Any]]) -> None:
    """Make unknown rows, and write what the list says; what it leaves out stays as it was."""
    model.objects.bulk_create([model(liveperson_id=ident) for ident in items], ignore_conflicts=True)
    names: set[str] = set()
    changed = []
    for row in model.objects.filter(liveperson_id__in=list(items)):
        said = {name: value for name, value in columns[row.liveperson_id].items() if value is not None}
        for name, value in said.items():
            fitted = value[: model._meta.get_field(name).max_length] if isinstance(value, str) else value
            setattr(row, name, fitted)
        names |= said.keys()
        changed.append(row)
    if names:
        model.objects.bulk_update(changed, sorted(names), batch_size=500)


def _groups(client: Client, account: Account) -> int:
    return _list(client.agent_groups, account, "groups_revision", _save_groups)


def _skills(client: Client, account: Account) -> int:
    return _list(client.skills, account, "skills_revision", _save_skills)


def _users(client: Client, account: Account) -> int:
    return _list(client.users, account, "users_revision", _save_users)


def _automatic(client: Client, account: Account) -> int:
    """The wordings of both bases. Raises the refusal of one after taking over what the other gave."""
    messages: list[AutomaticMessage] = []
    refused: LivePersonError | None = None
    for read in (client.automatic_messages, client.unified_automatic_messages):
        try:
            answer = read()
        except (Refused, UnexpectedResponse) as error:
            # An account without such messages has none to recognise.
            if not _is_absent(error):
                refused = error
            continue
        if isinstance(answer, Revisioned):
            messages += answer.items
    texts = {wording.text for message in messages for wording in message.wordings if wording.text}
    if refused is not None:
        texts |= set(account.automatic_texts)
    if texts and sorted(texts) != account.automatic_texts:
        account.automatic_texts = sorted(texts)
        account.save(update_fields=["automatic_texts"])
    if refused is not None:
        raise refused
    return len(messages)


def _is_absent(error: LivePersonError) -> bool:
    return isinstance(error, ServiceNotEnabled) or error.status == 404


_READ: dict[str, Callable[[Client, Account], int]] = {
    GROUPS: _groups,
    SKILLS: _skills,
    USERS: _users,
    AUTOMATIC: _automatic,
}
