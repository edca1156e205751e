"""How many conversations there are to read: LivePerson's counts before, and those of the pages while they are read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from interactions.ingest import windows
from interactions.ingest.reading import Reading
from interactions.ingest.windows import Span
from interactions.liveperson import Client, Filters, Refused, UnexpectedResponse
from interactions.models import Account, SyncWindow


@dataclass(slots=True)
class Tally:
    """How far a reading of several windows has come, each conversation counted once.

    `expected` is what they were thought to hold together before; the count on a window's first page is the better one.
    """

    expected: int = 0
    done: int = 0
    # A conversation is listed by its window of history, by the refresh, which asks for what was updated since, and near
    # a border by the window beside it. What was expected holds it once for each that it is asked for by.
    _met: dict[datetime | None, set[bytes]] = field(default_factory=dict)
    _counts: dict[int, int] = field(default_factory=dict)
    _seen: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        expected_again = sum(map(len, self._met.values())) - self.done
        listed_again = sum(self._seen.values()) - self.done
        return max(self.expected - expected_again, sum(self._counts.values()) - listed_again)

    def see(self, reading: Reading) -> None:
        """Take in how far a window has come. One that is started over does not lose what it had."""
        pk = reading.window.pk
        self.done += sum(not any(ident in met for met in self._met.values()) for ident in reading.seen)
        self._met.setdefault(reading.window.updated_since, set()).update(reading.seen)
        self._seen[pk] = max(len(reading.seen), self._seen.get(pk, 0))
        self._counts[pk] = max(reading.count, self._seen[pk])

    def close(self) -> None:
        """Everything is read: what was expected besides has left LivePerson, or somebody else has read it."""
        self.expected, self._counts = 0, dict(self._seen)


def count(client: Client, since: datetime, until: datetime, *, updated_since: datetime | None = None) -> int:
    """How many there are in a range of starts: one small call per slice. Raises LivePersonError."""
    total = 0
    filters = Filters(updated_since_ms=None if updated_since is None else _ms(updated_since))
    for span in windows.slices(since, until):
        start, end = _ms(span.start_from), _ms(span.start_to) - 1
        total += client.search(start_from=start, start_to=end, filters=filters, limit=1, content=("dialogs",)).count
    return total


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def expected(client: Client, rows: Iterable[SyncWindow]) -> int:
    """About how many conversations these windows hold; 0 where LivePerson does not say. Raises LivePersonError."""
    total = 0
    try:
        for updated_since, spans in _joined(rows).items():
            total += sum(count(client, *span, updated_since=updated_since) for span in spans)
    except (Refused, UnexpectedResponse):  # nothing depends on it
        return 0
    return total


def _joined(rows: Iterable[SyncWindow]) -> dict[datetime | None, list[Span]]:
    """The windows' ranges by what they ask for, those that touch as one: a year of history takes 5 calls, not 60."""
    found: dict[datetime | None, list[Span]] = {}
    for window in sorted(rows, key=lambda window: window.start_from):
        spans = found.setdefault(window.updated_since, [])
        if spans and window.start_from <= spans[-1].start_to:
            spans[-1] = Span(spans[-1].start_from, max(spans[-1].start_to, window.start_to))
        else:
            spans.append(Span(window.start_from, window.start_to))
    return found


def count_history(client: Client, now: datetime, days: int) -> None:
    """Ask once how much history there is, for the page that says how far its reading has come."""
    unknown = Account.objects.filter(history_count=None)
    if not unknown.exists():
        return
    try:
        found = count(client, now - timedelta(days=days), now)
    except (Refused, UnexpectedResponse):  # nothing depends on it
        found = 0
    unknown.update(history_count=found)
