"""The rows around the open conversation, in the order of the list that it was opened from."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from dashboard import formats
from dashboard.bands import Band, band_of
from dashboard.links import reader_url
from interactions.models import Agent, Conversation
from interactions.search import ConversationQuery, Neighbours

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser

# About a screenful below the open one, and some before it.
BEFORE, AFTER = 12, 24
_SHOWN = ("last_human_agent", "last_agent", "consumer")


@dataclass(frozen=True, slots=True)
class PaneRow:
    """Two short lines: rating, consumer and time; agent and score."""

    conversation: Conversation
    url: str
    is_current: bool
    time: str

    @property
    def consumer(self) -> str:
        return str(self.conversation.consumer or "Visitor")

    @property
    def agent(self) -> Agent | None:
        found: Agent | None = self.conversation.last_human_agent or self.conversation.last_agent
        return found

    @property
    def more_agents(self) -> int:
        return max(self.conversation.agent_count - 1, 0)

    @property
    def band(self) -> Band | None:
        return band_of(self.conversation.mcs_band)


@dataclass(frozen=True, slots=True)
class ListPane:
    """`earlier_url` and `later_url` move the rows and keep the conversation; "" where nothing is beyond."""

    rows: list[PaneRow]
    previous_url: str
    next_url: str
    earlier_url: str
    later_url: str


def list_pane(
    user: "Reader", conversation: Conversation, query: ConversationQuery, beside: Neighbours, now: datetime
) -> ListPane:
    """The rows around `conversation`, or those at the position that the address names (`page`)."""
    return _moved(user, conversation, query, beside, now) if query.page else _around(conversation, query, beside, now)


def _around(conversation: Conversation, query: ConversationQuery, beside: Neighbours, now: datetime) -> ListPane:
    around = beside.around(BEFORE, AFTER)
    found = Conversation.objects.select_related(*_SHOWN).in_bulk([*around.before, *around.after])
    before = [found[pk] for pk in around.before if pk in found]
    after = [found[pk] for pk in around.after if pk in found]
    return ListPane(
        [_row(each, conversation, query, now) for each in (*before, conversation, *after)],
        _url(before[-1], query) if before else "",
        _url(after[0], query) if after else "",
        _moving(conversation, query, around.earlier),
        _moving(conversation, query, around.later),
    )


def _moved(
    user: "Reader", conversation: Conversation, query: ConversationQuery, beside: Neighbours, now: datetime
) -> ListPane:
    page = query.rows(user, BEFORE + 1 + AFTER)
    return ListPane(
        [_row(each, conversation, query, now) for each in page.rows],
        _url(beside.previous, query) if beside.previous else "",
        _url(beside.next, query) if beside.next else "",
        _moving(conversation, query, page.previous),
        _moving(conversation, query, page.next),
    )


def _row(each: Conversation, current: Conversation, query: ConversationQuery, now: datetime) -> PaneRow:
    return PaneRow(each, _url(each, query), each.pk == current.pk, row_time(each.started_at, now))


def _url(conversation: Conversation, query: ConversationQuery) -> str:
    return reader_url(conversation.conversation_id, query)


def _moving(conversation: Conversation, query: ConversationQuery, token: str | None) -> str:
    return reader_url(conversation.conversation_id, query, page=token) if token else ""


def row_time(at: datetime, now: datetime) -> str:
    """ "13:41" today, "19 Nov" this year, "3 Dec 2025" before."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    if local.date() == today.date():
        return formats.minute(at)
    return f"{local.day} {local:%b}" if local.year == today.year else formats.day(local)
