"""The rows around the open conversation, in the order of the list that it was opened from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.utils import timezone
from django.utils.safestring import SafeString

from dashboard import formats
from dashboard.bands import band_of
from dashboard.links import list_path, list_tail
from dashboard.marks.rows import NONE, RowMarks, marks_of
from dashboard.templatetags.readback import csat_badge
from interactions.models import Conversation
from interactions.models.joined import joined
from interactions.models.prepared import Blank, Prepared
from interactions.search import ConversationQuery, Neighbours

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser

# About a screenful below the open one, and some before it.
BEFORE, AFTER = 12, 24
_AGENTS = ("last_human_agent", "last_agent")
_OWN = ("conversation_id", "started_at", "csat", "mcs", "mcs_band", "agent_count")
_COLUMNS = (*_OWN, *_AGENTS, *(f"consumer__{name}" for name in ("first_name", "last_name", "display_name")))

_BESIDE = Prepared(
    lambda: Conversation.objects.filter(pk__among=Blank("keys")).select_related("consumer").only(*_COLUMNS)
)


@dataclass(frozen=True, slots=True)
class PaneRow:
    """Two short lines: rating, consumer and time; agent and score."""

    conversation: Conversation
    url: str
    is_current: bool
    time: str
    marks: RowMarks = NONE

    @property
    def printed(self) -> SafeString:
        """The row as a list item. A function, not a template: of the page's time its rows took a quarter."""
        each, current = self.conversation, ' aria-current="true"' if self.is_current else ""
        return SafeString(
            f'<li><a class="pane-row" href="{escape(self.url)}" data-move{current}>{_rating(each)}'
            f'<bdi class="pane-name">{escape(str(each.consumer or "Visitor"))}</bdi>'
            f'<span class="pane-when">{row_marks(self.marks)}'
            f'<time datetime="{each.started_at.isoformat()}">{self.time}</time></span>'
            f'<span class="pane-agent muted">{_agent(each)}</span>{_score(each)}</a></li>'
        )


def row_marks(marks: RowMarks) -> SafeString:
    """What stands before the time of a row; of the open one's the marks' script fills it anew."""
    return SafeString(f'<span class="pane-marks">{_mark(marks)}</span>')


def _mark(marks: RowMarks) -> str:
    """What somebody left on it; of most rows nothing, which needs no sign in so little room."""
    if marks is NONE:
        return ""
    words = escape(marks.words)
    seen = f'<span aria-hidden="true">{marks.glyph}</span>'
    return f'<span class="pane-mark" title="{words}">{seen}<span class="unseen">{words}</span></span> '


def _rating(each: Conversation) -> str:
    return csat_badge(each.csat) if each.csat else '<span class="pane-unrated" aria-hidden="true">–</span>'


def _agent(each: Conversation) -> str:
    agent = each.last_human_agent or each.last_agent
    if agent is None:
        return "nobody yet"
    more = max(each.agent_count - 1, 0)
    others = f' +{more}<span class="unseen"> more</span>' if more else ""
    return f"<bdi>{escape(agent.name)}</bdi>{others}"


def _score(each: Conversation) -> str:
    if each.mcs is None:
        return ""
    band = band_of(each.mcs_band)
    glyph = f' <span class="band band-{band.step}" aria-hidden="true">{band.sign}</span>' if band else ""
    word = f'<span class="unseen">{band.word}</span>' if band else ""
    return f'<span class="pane-mcs"><span class="unseen">MCS </span>{each.mcs}{glyph}{word}</span>'


@dataclass(frozen=True, slots=True)
class ListPane:
    """`earlier_url` and `later_url` move the rows and keep the conversation; "" where nothing is beyond."""

    rows: list[PaneRow]
    previous_url: str
    next_url: str
    earlier_url: str
    later_url: str


class _Rows:
    """Makes rows of one list; what they share is made once."""

    def __init__(self, user: "Reader", current: Conversation, query: ConversationQuery, now: datetime) -> None:
        self._user, self._current, self._now = user, current, now
        self._tail = list_tail(query)
        # The reader's address lies below the list's.
        self._list = list_path()

    def all(self, found: Sequence[Conversation]) -> list[PaneRow]:
        marks = marks_of([each.pk for each in found], self._user) if found else {}
        return [
            PaneRow(
                conversation=each,
                url=self.url(each),
                is_current=each.pk == self._current.pk,
                time=row_time(each.started_at, self._now),
                marks=marks.get(each.pk, NONE),
            )
            for each in found
        ]

    def url(self, each: Conversation | None) -> str:
        return f"{self._list}{quote(each.conversation_id, safe='')}/?{self._tail}" if each else ""

    def moved(self, token: str | None) -> str:
        """The open conversation with the rows at another place of the list."""
        return f"{self.url(self._current)}&{urlencode({'page': token})}" if token else ""


def list_pane(
    user: "Reader", conversation: Conversation, query: ConversationQuery, beside: Neighbours, now: datetime
) -> ListPane:
    """The rows around `conversation`, or those at the position that the address names (`page`)."""
    rows = _Rows(user, conversation, query, now)
    return _moved(user, query, beside, rows) if query.page else _around(conversation, beside, rows)


def _around(conversation: Conversation, beside: Neighbours, rows: _Rows) -> ListPane:
    around = beside.around(BEFORE, AFTER)
    found = {each.pk: each for each in joined(_BESIDE(keys=[*around.before, *around.after]), *_AGENTS)}
    before = [found[pk] for pk in around.before if pk in found]
    after = [found[pk] for pk in around.after if pk in found]
    return ListPane(
        rows.all([*before, conversation, *after]),
        rows.url(before[-1] if before else None),
        rows.url(after[0] if after else None),
        rows.moved(around.earlier),
        rows.moved(around.later),
    )


def _moved(user: "Reader", query: ConversationQuery, beside: Neighbours, rows: _Rows) -> ListPane:
    page = query.rows(user, BEFORE + 1 + AFTER)
    return ListPane(
        rows.all(page.rows),
        rows.url(beside.previous),
        rows.url(beside.next),
        rows.moved(page.previous),
        rows.moved(page.next),
    )


def row_time(at: datetime, now: datetime) -> str:
    """ "13:41" today, "19 Nov" this year, "3 Dec 2025" before."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    if local.date() == today.date():
        return formats.minute(at)
    return f"{local.day} {local:%b}" if local.year == today.year else formats.day(local)
