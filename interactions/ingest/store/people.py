"""Agents, groups, skills and consumers that conversations name: made when unknown, blanks filled, never erased."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import models

from interactions.ingest.derive import AgentSeen, ConsumerSeen, Derived
from interactions.ingest.store.sql import Insert, named
from interactions.models import Agent, AgentGroup, AgentKind, Consumer, Skill


class Keys(NamedTuple):
    """Primary keys by LivePerson's ids."""

    agents: dict[str, int]
    groups: dict[str, int]
    skills: dict[str, int]
    consumers: dict[str, int]


def resolve(found: Iterable[Derived]) -> Keys:
    """The keys of everybody whom these conversations name; unknown ones are made."""
    agents: dict[str, AgentSeen] = {}
    groups: dict[str, str] = {}
    skills: dict[str, str] = {}
    consumers: dict[str, ConsumerSeen] = {}
    for derived in found:
        for seen in derived.agents:
            known = agents.get(seen.agent_id)
            agents[seen.agent_id] = seen if known is None else _merged(known, seen)
        for part in derived.participations:
            if part.group is not None:
                groups.setdefault(part.group, "")
        for names, others in ((groups, derived.groups), (skills, derived.skills)):
            for ident, name in others.items():
                names[ident] = name or names.get(ident, "")
        if derived.consumer is not None:
            consumers[derived.consumer.participant_id] = derived.consumer
    return Keys(_agents(agents), _named(AgentGroup, groups), _named(Skill, skills), _consumers(consumers))


def _merged(known: AgentSeen, seen: AgentSeen) -> AgentSeen:
    if known == seen:
        return known
    return AgentSeen(*(old if old is not None else new for old, new in zip(known, seen, strict=True)))  # type: ignore[arg-type]


def _known(model: type[models.Model], field: str, idents: Iterable[str], *columns: str) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in named(model, field, idents, "id", *columns)}


_ADD_NAMED = {
    model: Insert(model, ("liveperson_id", "name", "is_deleted"), skip_by="liveperson_id", is_plain=True)
    for model in (AgentGroup, Skill)
}


def _named(model: type[AgentGroup] | type[Skill], names: dict[str, str]) -> dict[str, int]:
    known = _known(model, "liveperson_id", names, "name")
    unknown = sorted(names.keys() - known.keys())
    if unknown:
        _ADD_NAMED[model].run([(ident, names[ident], False) for ident in unknown])
        known |= _known(model, "liveperson_id", unknown, "name")
    blank = [model(pk=pk, name=names[ident]) for ident, (pk, name) in known.items() if names[ident] and not name]
    if blank:
        model._default_manager.bulk_update(blank, ["name"])  # type: ignore[arg-type]
    return {ident: row[0] for ident, row in known.items()}


_AGENT_COLUMNS = ("pid", "full_name", "nickname", "login_name", "kind", "is_deleted")
_ADD_AGENT = Insert(Agent, ("liveperson_id", *_AGENT_COLUMNS), skip_by="liveperson_id", is_plain=True)
_LENGTHS = (64, 200, 200, 200)


def _agents(seen: dict[str, AgentSeen]) -> dict[str, int]:
    known = _known(Agent, "liveperson_id", seen, *_AGENT_COLUMNS)
    unknown = sorted(seen.keys() - known.keys())
    aliases = _by_pid([ident for ident in unknown if "-" in ident])
    unknown = [ident for ident in unknown if ident not in aliases]
    if unknown:
        _ADD_AGENT.run([(ident, *_columns(seen[ident])) for ident in unknown])
        known |= _known(Agent, "liveperson_id", unknown, *_AGENT_COLUMNS)
    changed = []
    for ident, (pk, *columns) in known.items():
        better = _filled(columns, seen[ident])
        if better != columns:
            changed.append(Agent(pk=pk, **dict(zip(_AGENT_COLUMNS, better, strict=True))))
    if changed:
        Agent.objects.bulk_update(changed, _AGENT_COLUMNS)
    if unknown or changed:
        written = [known[ident][0] for ident in unknown] + [agent.pk for agent in changed]
        Agent.objects.filter(pk__in=written).put_in_order()
    return {ident: row[0] for ident, row in known.items()} | aliases


def _by_pid(idents: list[str]) -> dict[str, int]:
    """Agents whom a record names only by their UUID."""
    return dict(named(Agent, "pid", idents, "id"))


def _columns(seen: AgentSeen) -> list[Any]:
    texts = (seen.pid, seen.full_name, seen.nickname, seen.login_name)
    fitted: list[Any] = [(text or "")[:length] for text, length in zip(texts, _LENGTHS, strict=True)]
    return [*fitted, seen.kind or AgentKind.HUMAN.value, bool(seen.is_deleted)]


def _filled(columns: list[Any], seen: AgentSeen) -> list[Any]:
    """Blanks filled; a kind that the record states replaces a guess; a deletion is never taken back here."""
    *texts, kind, is_deleted = columns
    *new_texts, _, new_deleted = _columns(seen)
    kept: list[Any] = [old or new for old, new in zip(texts, new_texts, strict=True)]
    return [*kept, seen.kind or kind, is_deleted or new_deleted]


_CONSUMER_COLUMNS = ("first_name", "last_name", "display_name", "email", "phone")
_ADD_CONSUMER = Insert(Consumer, ("participant_id", *_CONSUMER_COLUMNS), skip_by="participant_id", is_plain=True)


def _consumers(seen: dict[str, ConsumerSeen]) -> dict[str, int]:
    known = _known(Consumer, "participant_id", seen, *_CONSUMER_COLUMNS)
    unknown = sorted(seen.keys() - known.keys())
    if unknown:
        _ADD_CONSUMER.run([tuple(seen[ident]) for ident in unknown])
        known |= _known(Consumer, "participant_id", unknown, *_CONSUMER_COLUMNS)
    changed = []
    for ident, (pk, *columns) in known.items():
        better = [old or new for old, new in zip(columns, seen[ident][1:], strict=True)]
        if better != columns:
            changed.append(Consumer(pk=pk, **dict(zip(_CONSUMER_COLUMNS, better, strict=True))))
    if changed:
        Consumer.objects.bulk_update(changed, _CONSUMER_COLUMNS)
    return {ident: row[0] for ident, row in known.items()}
