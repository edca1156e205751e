"""Users, skills, agent groups and automatic messages: who and what conversations refer to."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction

from interactions.ingest.derive import AutomaticTexts
from interactions.liveperson import AgentGroup as GroupRecord
from interactions.liveperson import (
    AutomaticMessage,
    Client,
    NotModified,
    Refused,
    Revisioned,
    UnexpectedResponse,
    User,
)
from interactions.liveperson import Skill as SkillRecord
from interactions.models import Account, Agent, AgentGroup, AgentKind, Skill

AGAIN_AFTER = timedelta(minutes=10)
_KINDS = {"0": AgentKind.SYSTEM, "1": AgentKind.HUMAN, "2": AgentKind.BOT}
_T = TypeVar("_T")


def read_configuration(client: Client, now: datetime) -> int:
    """Read what changed since the last revision; returns how many entries were taken over."""
    account = Account.objects.get()
    count = 0
    # Groups before users: a user's group must exist.
    count += _list(client.agent_groups, account, "groups_revision", _save_groups)
    count += _list(client.skills, account, "skills_revision", _save_skills)
    count += _list(client.users, account, "users_revision", _save_users)
    count += _automatic(client, account)
    account.configuration_read_at = now
    account.save(update_fields=["configuration_read_at"])
    return count


def is_due(now: datetime) -> bool:
    read_at = Account.objects.values_list("configuration_read_at", flat=True).first()
    return read_at is None or read_at <= now - AGAIN_AFTER


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


def _save_groups(items: Iterable[GroupRecord]) -> None:
    groups = {item.group_id: item for item in items if item.group_id is not None and len(item.group_id) <= 64}
    _upsert(
        AgentGroup,
        groups,
        {ident: {"name": item.name, "is_deleted": item.is_deleted} for ident, item in groups.items()},
    )
    known = {row.liveperson_id: row for row in AgentGroup.objects.all()}
    moved = []
    for ident, item in groups.items():
        parent = known.get(item.parent_id or "")
        row = known[ident]
        if row.parent_id != (parent.pk if parent else None) and (parent is None or parent.pk != row.pk):
            row.parent = parent
            moved.append(row)
    AgentGroup.objects.bulk_update(moved, ["parent"])


def _save_skills(items: Iterable[SkillRecord]) -> None:
    skills = {item.skill_id: item for item in items if item.skill_id is not None and len(item.skill_id) <= 64}
    _upsert(
        Skill,
        skills,
        {ident: {"name": item.name, "is_deleted": item.is_deleted} for ident, item in skills.items()},
    )


def _save_users(items: Iterable[User]) -> None:
    users = {item.user_id: item for item in items if item.user_id is not None and len(item.user_id) <= 64}
    groups = dict(AgentGroup.objects.values_list("liveperson_id", "pk"))
    _upsert(Agent, users, {ident: _user_columns(item, groups) for ident, item in users.items()})


def _user_columns(item: User, groups: dict[str, int]) -> dict[str, Any]:
    group = next((groups[ident] for ident in item.group_ids if ident in groups), None)
    return {
        "pid": item.pid,
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


def _automatic(client: Client, account: Account) -> int:
    """The wordings of both bases; an account or key without them has none to recognise."""
    messages: list[AutomaticMessage] = []
    for read in (client.automatic_messages, client.unified_automatic_messages):
        try:
            answer = read()
        except (Refused, UnexpectedResponse):
            continue
        if isinstance(answer, Revisioned):
            messages += answer.items
    texts = sorted({wording.text for message in messages for wording in message.wordings if wording.text})
    if texts and texts != account.automatic_texts:
        account.automatic_texts = texts
        account.save(update_fields=["automatic_texts"])
    return len(messages)
