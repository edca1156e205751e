"""The conversation list as the template prints it: headers with their sort links, rows with their links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from django.utils.safestring import SafeString

from dashboard.columns import ALWAYS, COLUMNS, TWO_LINES, Column, Keys
from dashboard.formats import plural
from dashboard.links import AgentLinks, link, list_path, list_tail
from dashboard.marks.rows import NONE, RowMarks
from dashboard.markup import escaped
from dashboard.transcript.matches import COMMENT_ANCHOR
from interactions.models import Agent, Conversation, Survey
from interactions.search import SORTS, ConversationQuery, Snippet, code_word, snippets

_SAID_BY = {
    "consumer": "consumer",
    "agent": "agent",
    "bot": "bot",
    "note": "private note",
    "comment": "survey comment",
}


@dataclass(frozen=True)
class Header:
    key: str
    label: str
    is_number: bool
    url: str = ""
    aria_sort: str = ""
    # What pressing it does, for the tooltip: "longest first".
    words: str = ""

    @property
    def arrow(self) -> str:
        return {"ascending": "↑", "descending": "↓"}.get(self.aria_sort, "")


def headers(query: ConversationQuery, keys: Keys) -> list[Header]:
    return [_header(query, COLUMNS[key]) for key in keys]


def _header(query: ConversationQuery, column: Column) -> Header:
    name = column.sort
    if not name:
        return Header(column.key, column.heading, column.is_number)
    sort = SORTS[name]
    current = {name: "ascending", f"-{name}": "descending"}.get(query.sort, "")
    # The first press puts the interesting end first, the second reverses.
    sign = {"ascending": "-", "descending": ""}.get(current, sort.first)
    url, words = link(query.replace(sort=f"{sign}{name}")), sort.down if sign else sort.up
    return Header(column.key, column.heading, column.is_number, url, current, words)


@dataclass(frozen=True)
class Row:
    conversation: Conversation
    url: str
    agent: Agent | None
    agent_url: str
    csat_url: str
    duration_seconds: int | None
    closed_by: str
    keys: Keys
    snippet: Snippet | None = None
    marks: RowMarks = NONE

    @property
    def snippet_url(self) -> str:
        """The transcript at the line that the snippet shows."""
        return f"{self.url}#{self.snippet.anchor or COMMENT_ANCHOR}" if self.snippet else self.url

    @property
    def snippet_words(self) -> str:
        """Who said the line, how many there are, and who said those where it was not one alone."""
        found = self.snippet
        if found is None:
            return ""
        speaker, number = _SAID_BY[found.said_by], plural(found.count, "match", "matches")
        if len(found.all_said_by) == 1:
            return f"{speaker}, {number}"
        return f"{speaker}; {number}: {', '.join([_SAID_BY[each] for each in found.all_said_by])}"

    @property
    def printed(self) -> SafeString:
        """As one of the table, put together by hand: `markup` would escape every finished cell once more."""
        cells = "".join([f"{opened}{escaped(cell(self))}{closed}" for opened, cell, closed in _cells(self.keys)])
        return SafeString(f'<tr id="row-{escaped(self.conversation.conversation_id)}">{cells}\n    </tr>')

    @property
    def more_agents(self) -> int:
        return max(self.conversation.agent_count - 1, 0)

    @property
    def no_csat(self) -> str:
        """Why there is no rating."""
        return "not offered" if self.conversation.survey == Survey.NOT_OFFERED else "not answered"


@lru_cache(64)
def _cells(keys: Keys) -> tuple[tuple[str, Callable[[Row], str], str], ...]:
    """The chosen columns; behind them, for rows of two lines alone, those that such rows also show.

    What opens a cell, what writes its content, and what closes it.
    """
    rest = [key for key in TWO_LINES if key not in keys]
    return tuple([_cell(COLUMNS[key]) for key in keys] + [_cell(COLUMNS[key], " narrow-only") for key in rest])


def _cell(column: Column, more: str = "") -> tuple[str, Callable[[Row], str], str]:
    shape = f"cell-{column.key}{' number' if column.is_number else ''}{more}"
    name, scope = ("th", ' scope="row"') if column.key == ALWAYS else ("td", "")
    return f'\n      <{name}{scope} class="{shape}">', column.cell, f"</{name}>"


def rows(
    query: ConversationQuery,
    conversations: list[Conversation],
    now: datetime,
    keys: Keys,
    marks: Mapping[int, RowMarks],
) -> list[Row]:
    """One row each; the list's own parameters go along, so that the reader knows the list."""
    addresses = _Addresses(query)
    found = snippets(query.words, conversations) if query.q else {}
    return [_row(each, now, addresses, keys, found.get(each.pk), marks.get(each.pk, NONE)) for each in conversations]


class _Addresses:
    """Where the links of rows lead; what many rows share is made once."""

    def __init__(self, query: ConversationQuery) -> None:
        self._tail = list_tail(query)
        # The reader's address lies below the list's; fifty calls of reverse() would cost more than the query.
        self._list = list_path()
        self._agents = AgentLinks(query)
        self._by_csat = {value: link(query.replace(csat=(str(value),))) for value in range(1, 6)}

    def reader(self, conversation_id: str) -> str:
        return f"{self._list}{quote(conversation_id, safe='')}/?{self._tail}"

    def agent(self, agent: Agent | None) -> str:
        return self._agents.url(agent.liveperson_id) if agent else ""

    def csat(self, value: int | None) -> str:
        return self._by_csat.get(value or 0, "")


def _row(
    conversation: Conversation,
    now: datetime,
    addresses: _Addresses,
    keys: Keys,
    snippet: Snippet | None,
    marks: RowMarks,
) -> Row:
    agent = conversation.last_human_agent or conversation.last_agent
    age = max(int((now - conversation.started_at).total_seconds()), 0)
    return Row(
        conversation=conversation,
        url=addresses.reader(conversation.conversation_id),
        agent=agent,
        agent_url=addresses.agent(agent),
        csat_url=addresses.csat(conversation.csat),
        duration_seconds=age if conversation.is_open else conversation.duration_seconds,
        closed_by=code_word(conversation.close_reason).capitalize(),
        keys=keys,
        snippet=snippet,
        marks=marks,
    )


@dataclass(frozen=True)
class Step:
    label: str
    url: str


def steps(query: ConversationQuery, page: object) -> list[Step]:
    """First, Previous, Next, Last; without an address where one stands at that end."""
    return [
        Step(label, link(query.replace(page=token)) if (token := getattr(page, name)) is not None else "")
        for name, label in (("first", "First"), ("previous", "Previous"), ("next", "Next"), ("last", "Last"))
    ]
