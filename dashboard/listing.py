"""The conversation list as the template prints it: headers with their sort links, rows with their links."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dashboard.columns import COLUMNS, TWO_LINES, Column, Keys
from dashboard.formats import plural
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

    @property
    def cells(self) -> SafeString:
        """The chosen columns; behind them, for rows of two lines alone, those that such rows also show."""
        rest = (key for key in TWO_LINES if key not in self.keys)
        printed = [(_cell(self, COLUMNS[key]),) for key in self.keys]
        printed += [(_cell(self, COLUMNS[key], " narrow-only"),) for key in rest]
        return format_html_join("\n      ", "{}", printed)

    @property
    def snippet_url(self) -> str:
        """The transcript at the line that the snippet shows."""
        return f"{self.url}#{self.snippet.anchor}" if self.snippet and self.snippet.anchor else self.url

    @property
    def snippet_words(self) -> str:
        found = self.snippet
        return f"{_SAID_BY[found.said_by]}, {plural(found.count, 'match', 'matches')}" if found else ""

    @property
    def more_agents(self) -> int:
        return max(self.conversation.agent_count - 1, 0)

    @property
    def no_csat(self) -> str:
        """Why there is no rating."""
        return "not offered" if self.conversation.survey == Survey.NOT_OFFERED else "not answered"


def _cell(row: Row, column: Column, more: str = "") -> SafeString:
    name = f"cell-{column.key}{' number' if column.is_number else ''}{more}"
    shape = '<td class="{}">{}</td>' if column.key != "started_at" else '<th scope="row" class="{}">{}</th>'
    return format_html(shape, name, column.cell(row))


def rows(query: ConversationQuery, conversations: list[Conversation], now: datetime, keys: Keys) -> list[Row]:
    """One row each; the list's own parameters go along, so that the reader knows the list."""
    tail = query.replace().querystring()  # without the page: the reader finds it again by the row
    by_agent: dict[str, str] = {}
    by_csat = {value: link(query.replace(csat=(str(value),))) for value in range(1, 6)}
    found = snippets(query.words, conversations) if query.q else {}
    return [
        replace(_row(query, each, now, tail, by_agent, by_csat, keys), snippet=found.get(each.pk))
        for each in conversations
    ]


def _row(
    query: ConversationQuery,
    conversation: Conversation,
    now: datetime,
    tail: str,
    by_agent: dict[str, str],
    by_csat: dict[int, str],
    keys: Keys,
) -> Row:
    agent = conversation.last_human_agent or conversation.last_agent
    if agent and agent.liveperson_id not in by_agent:
        by_agent[agent.liveperson_id] = link(query.replace(agent=(agent.liveperson_id,)))
    # The reader's address lies below the list's; fifty calls of reverse() would cost more than the query.
    url = f"{reverse('conversation-list')}{quote(conversation.conversation_id, safe='')}/"
    age = int((now - conversation.started_at).total_seconds())
    return Row(
        conversation=conversation,
        url=f"{url}?{tail}" if tail else url,
        agent=agent,
        agent_url=by_agent[agent.liveperson_id] if agent else "",
        csat_url=by_csat.get(conversation.csat or 0, ""),
        duration_seconds=age if conversation.is_open else conversation.duration_seconds,
        closed_by=code_word(conversation.close_reason).capitalize(),
        keys=keys,
    )


def link(query: ConversationQuery) -> str:
    """The list that `query` asks for."""
    tail = query.querystring()
    return f"{reverse('conversation-list')}?{tail}" if tail else reverse("conversation-list")


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
