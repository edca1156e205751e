"""conversations.csv: one row per conversation of the list, in its order (design.md, Addresses)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import quote

from django.db.models import F

from dashboard.marks.rows import NOTHING, Written, written
from interactions.models import Conversation, Participation
from interactions.models.among import among_keys

from .directory import Directory, Known
from .lines import Clock, Column


class Row(NamedTuple):
    """Plain columns as stored, in the order in which they are read, then what is looked up."""

    pk: int
    conversation_id: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    csat: int | None
    mcs: int | None
    mcs_band: int | None
    nps: int | None
    fcr: bool | None
    survey: str
    comment: str | None
    group_id: int | None
    skill_id: int | None
    channel: str
    device: str
    close_reason: str
    duration_seconds: int | None
    first_response_seconds: int | None
    message_count: int
    transfer_count: int
    mcs_lowest: int | None
    mcs_fall: int | None
    last_agent: Known
    last_human_agent: Known
    credited_agent: Known
    agents: str
    marks: Written


_LOOKED_UP = ("last_agent", "last_human_agent", "credited_agent", "agents", "marks")
_STORED = [name for name in Row._fields if name not in _LOOKED_UP]
_AGENTS = ("last_agent_id", "last_human_agent_id", "credited_agent_id")


def conversation_columns(clock: Clock, directory: Directory, list_url: str) -> list[Column]:
    """The file's columns in the contract's order; new ones are appended. `list_url` is the list's absolute address."""
    return [
        Column("conversation_id", attrgetter("conversation_id")),
        Column("url", lambda row: f"{list_url}{quote(row.conversation_id, safe='')}/"),
        Column("status", attrgetter("status")),
        Column("started_at", lambda row: clock.write(row.started_at)),
        Column("ended_at", lambda row: clock.write(row.ended_at)),
        Column("csat", attrgetter("csat")),
        Column("mcs", attrgetter("mcs")),
        Column("mcs_band", attrgetter("mcs_band")),
        Column("nps", attrgetter("nps")),
        Column("fcr", lambda row: None if row.fcr is None else int(row.fcr)),
        Column("survey", attrgetter("survey")),
        Column("comment", attrgetter("comment")),
        Column("last_agent_id", attrgetter("last_agent.liveperson_id")),
        Column("last_agent", attrgetter("last_agent.name")),
        Column("last_human_agent_id", attrgetter("last_human_agent.liveperson_id")),
        Column("last_human_agent", attrgetter("last_human_agent.name")),
        Column("credited_agent_id", attrgetter("credited_agent.liveperson_id")),
        Column("credited_agent", attrgetter("credited_agent.name")),
        Column("agents", attrgetter("agents")),
        Column("group", lambda row: directory.groups.get(row.group_id)),
        Column("skill", lambda row: directory.skills.get(row.skill_id)),
        Column("channel", attrgetter("channel")),
        Column("device", attrgetter("device")),
        Column("close_reason", attrgetter("close_reason")),
        Column("duration_seconds", attrgetter("duration_seconds")),
        Column("first_response_seconds", attrgetter("first_response_seconds")),
        Column("message_count", attrgetter("message_count")),
        Column("transfer_count", attrgetter("transfer_count")),
        Column("mcs_lowest", attrgetter("mcs_lowest")),
        Column("mcs_fall", attrgetter("mcs_fall")),
        Column("reviewed_by", attrgetter("marks.reviewed_by")),
        Column("reviewed_at", lambda row: clock.write(row.marks.reviewed_at)),
        Column("flagged", lambda row: int(row.marks.is_flagged)),
        Column("tags", attrgetter("marks.tags")),
        Column("notes", attrgetter("marks.notes")),
    ]


def conversation_pages(keyset: Iterable[Sequence[int]], directory: Directory) -> Iterator[list[Row]]:
    """Rows in the order of `keyset` (pages of primary keys); six queries a page, none left open between pages."""
    for keys in keyset:
        yield _rows(keys, directory)


def _rows(keys: Sequence[int], directory: Directory) -> list[Row]:
    took_part = _took_part(keys)
    marks = written(keys, directory.people)
    stored = Conversation.objects.filter(pk__in=among_keys(keys)).annotate(comment=F("detail__comment"))
    found: dict[int, Row] = {}
    for values in stored.values_list(*_STORED, *_AGENTS):
        *plain, last, last_human, credited = values
        pk = values[0]
        people = (directory.agent(last), directory.agent(last_human), directory.agent(credited))
        agents = directory.joined(took_part.get(pk, ()))
        found[pk] = Row._make((*plain, *people, agents, marks.get(pk, NOTHING)))
    # One that was deleted since its key was read is no longer in the list either.
    return [found[pk] for pk in keys if pk in found]


def _took_part(keys: Sequence[int]) -> dict[int, list[int]]:
    """Agents by conversation, in order of joining."""
    joinings = Participation.objects.filter(conversation__in=among_keys(keys)).order_by("conversation_id", "position")
    found: dict[int, list[int]] = defaultdict(list)
    for conversation, agent in joinings.values_list("conversation_id", "agent_id"):
        found[conversation].append(agent)
    return found
