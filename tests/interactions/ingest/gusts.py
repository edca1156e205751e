"""The catalogue of what goes wrong with LivePerson in a storm, and when a fault has really been served."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from interactions.sandbox.calls import Answer, Call
from interactions.sandbox.faults import (
    BY_ID,
    SEARCH,
    Arriving,
    Bomb,
    Changing,
    CutShort,
    Doubled,
    ExpireBearers,
    Fault,
    HalfOpen,
    Html,
    Leaving,
    Nothing,
    Outage,
    PartialResult,
    Poison,
    Reset,
    Shuffled,
    Slow,
    Status,
    TooMany,
    Truncated,
)

# A list of fewer records shows nothing of a fault of lists.
FEW = 10


@dataclass(frozen=True)
class Weather:
    """What the faults need to know: for how long an outage lasts, and whose records may be poisoned."""

    outage: float
    ids: Sequence[str]


@dataclass(kw_only=True)
class _Ending(ExpireBearers):
    """At every third search all sessions end."""

    calls: int = 0

    def takes(self, call: Call, now: float) -> bool:
        self.calls += call.path.endswith(self.ending)
        return self.calls % 3 == 1 and super().takes(call, now)


@dataclass
class Gust:
    """Faults that begin together; over when each has been served so often, or as often as it comes."""

    name: str
    make: Callable[[Weather], list[Fault]]
    served: int = 1
    faults: list[Fault] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def begin(self, weather: Weather) -> list[Fault]:
        self.faults = self.make(weather)
        self.counts = [0] * len(self.faults)
        return self.faults

    def note(self, call: Call, answer: Answer) -> None:
        for place, fault in enumerate(self.faults):
            if any(fault is other for other in call.faults) and _is_real(fault, call, answer):
                self.counts[place] += 1

    @property
    def lasts(self) -> float:
        return max(fault.lasts or 0.0 for fault in self.faults)

    @property
    def is_spent(self) -> bool:
        """Whether it happened, or cannot any more: other faults were in the way of the calls that it hit."""
        used_up = all(fault.times is not None and fault.hits >= fault.times for fault in self.faults)
        return used_up or self.has_happened

    @property
    def has_happened(self) -> bool:
        return all(count >= (fault.times or self.served) for count, fault in zip(self.counts, self.faults, strict=True))


def _is_real(fault: Fault, call: Call, answer: Answer) -> bool:
    """Whether the caller met it: one that changes lists shows in an answer that lists something."""
    if isinstance(fault, ExpireBearers):
        return answer.status == 401
    if isinstance(fault, Poison):
        return b'"poison":' in answer.body
    if fault.replaces or answer.wire is not None:
        return True
    if answer.status != 200 or any(other.replaces for other in call.faults):
        return False
    if isinstance(fault, Truncated):
        return True
    return answer.body.count(b'"startTimeL"') >= (FEW if call.path.endswith(SEARCH) and fault.ending != BY_ID else 1)


def _poisoned(value: bytes) -> Callable[[Weather], list[Fault]]:
    return lambda weather: [Poison(ids=set(weather.ids), value=value)]


def catalogue() -> list[Gust]:
    """All of it, each by the name that it is reported under."""
    return [
        Gust("500 with LivePerson's code", lambda _: [Status(status=500, code=7, times=2)]),
        Gust("502 in a burst", lambda _: [Status(status=502, times=3)]),
        Gust("503 once", lambda _: [Status(status=503, times=1)]),
        Gust("503 longer than a call is repeated", lambda _: [Status(status=503, times=5)]),
        Gust("500 for records by id", lambda _: [CutShort(), Status(status=500, ending=BY_ID, times=3)]),
        Gust("500 for the list of users", lambda _: [Status(status=500, ending="/le-users/users", times=2)]),
        Gust("403 for the list of skills", lambda _: [Status(status=403, ending="/le-users/skills", times=1)]),
        Gust("400", lambda _: [Status(status=400, times=1)]),
        Gust("outage", lambda weather: [Outage(lasts=weather.outage)]),
        Gust("429 without Retry-After", lambda _: [TooMany(times=2)]),
        Gust("429 in seconds", lambda _: [TooMany(times=2, retry_after="4")]),
        Gust("429 with a date", lambda _: [TooMany(times=2, retry_after=timedelta(seconds=6))]),
        Gust("429 with a date long past", lambda _: [TooMany(times=2, retry_after=timedelta(days=-4000))]),
        Gust("429 with a date far away", lambda _: [TooMany(times=1, retry_after=timedelta(days=4000))]),
        Gust("429 with nonsense", lambda _: [TooMany(times=2, retry_after="when it suits")]),
        Gust("429 with a negative number", lambda _: [TooMany(times=2, retry_after="-5")]),
        Gust("429 with a huge number", lambda _: [TooMany(times=1, retry_after="9" * 400)]),
        Gust("429 again and again", lambda _: [TooMany(times=8)]),
        Gust("reset before the answer", lambda _: [Reset(times=2)]),
        Gust("reset in the middle of the answer", lambda _: [Reset(times=1, share=0.5)]),
        Gust("reset longer than a call is repeated", lambda _: [Reset(times=5, share=0.9)]),
        Gust("no answer at all", lambda _: [HalfOpen(times=1)]),
        Gust("one kilobyte a second", lambda _: [Slow(times=1)]),
        Gust("JSON that ends too early", lambda _: [Truncated(times=1)]),
        Gust("half the JSON, many times", lambda _: [Truncated(times=8, share=0.5)]),
        Gust("a page for people", lambda _: [Html(times=2)]),
        Gust("a page for people from everywhere", lambda _: [Html(ending="", times=8)]),
        Gust("an answer that unpacks to 100 MB", lambda _: [Bomb(times=1)]),
        Gust("sessions that end", lambda _: [_Ending()], 2),
        Gust("a part of the index, all there", lambda _: [PartialResult()], 3),
        Gust("a part of the index, rows missing", lambda _: [PartialResult(lost=5)], 3),
        Gust("records cut short", lambda _: [CutShort()], 3),
        Gust("records cut short, by id too", lambda _: [CutShort(), CutShort(ending=BY_ID)], 2),
        Gust("records twice on a page", lambda _: [Doubled()], 3),
        Gust("records again on the next page", lambda _: [Doubled(every=5, apart=100)], 3),
        Gust("neighbours in another order", lambda _: [Shuffled(reach=5)], 4),
        Gust("pages in another order", lambda _: [Shuffled(reach=150)], 4),
        Gust("leaving while paging", lambda _: [Leaving(count=2)], 4),
        Gust("many leaving at once", lambda _: [Leaving(count=30)], 1),
        Gust("arriving while paging", lambda _: [Arriving(count=2)], 4),
        Gust("changing while paging", lambda _: [Changing(count=3)], 4),
        Gust("leaving, arriving and changing", lambda _: [Leaving(), Arriving(count=2), Changing(count=2)], 4),
        Gust("empty answers", lambda _: [Nothing(times=4)]),
        Gust("answers without a body", lambda _: [Nothing(status=204, times=4)]),
        Gust("a record nested too deeply", _poisoned(b"[" * 200_000 + b"]" * 200_000), 2),
        Gust("a record that is no JSON", _poisoned(b"{]"), 2),
        Gust("a record of broken UTF-8", _poisoned(b'"\xff\xfe\xfd"'), 2),
        Gust("a number of a million digits", _poisoned(b"9" * 1_000_000), 1),
        Gust("a text of 20 MB", lambda weather: [Poison(ids={weather.ids[0]}, value=b'"' + b"x" * (20 << 20) + b'"')]),
    ]  # fmt: skip


QUICK = (
    "503 once", "429 without Retry-After", "reset in the middle of the answer", "JSON that ends too early",
    "sessions that end", "leaving, arriving and changing", "records twice on a page", "empty answers",
)  # fmt: skip
