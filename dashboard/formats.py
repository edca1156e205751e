"""How values are written everywhere: times, spans, counts, shares (screens.md, Tokens)."""

from datetime import date, datetime

from django.utils import timezone

from interactions.metrics import wording

NOTHING = wording.NOTHING


def span(seconds: float | None) -> str:
    """A length of time in its two largest units: "9 s", "3 m 59 s", "1 h 26 m", "2 d 4 h"."""
    return NOTHING if seconds is None else wording.span(max(seconds, 0))


def day(value: date) -> str:
    """A date: "20 Nov 2026"."""
    return f"{value.day} {value:%b %Y}"


def short_time(at: datetime | None, now: datetime | None = None) -> str:
    """A time in a list, in the current zone: "20 Nov 13:41", in another year "3 Dec 2025"."""
    if at is None:
        return NOTHING
    local = timezone.localtime(at)
    if local.year != timezone.localtime(now).year:
        return day(local)
    return f"{local.day} {local:%b %H:%M}"


def clock(at: datetime) -> str:
    """A time in a transcript, in the current zone: "13:41:03"."""
    return clock_of(timezone.localtime(at))


def clock_of(local: datetime) -> str:
    """The same of a time that is local already, which who writes many looks up once."""
    # Neither strftime nor isoformat, which asks for the zone's offset: a long transcript writes thousands.
    return f"{local.hour:02}:{local.minute:02}:{local.second:02}"


def minute(at: datetime) -> str:
    """A time of the day: "13:41"."""
    return f"{timezone.localtime(at):%H:%M}"


def moment(at: datetime, now: datetime | None = None) -> str:
    """The time alone today, "13:41", with its day otherwise."""
    is_today = timezone.localtime(at).date() == timezone.localtime(now).date()
    return minute(at) if is_today else short_time(at, now)


def time_range(start: datetime, end: datetime | None) -> str:
    """A time in a header: "Fri 20 Nov 2026, 13:41-14:22 Europe/Paris"; the second day is named when it differs."""
    first = timezone.localtime(start)
    text = f"{first:%a} {day(first)}, {first:%H:%M}"
    if end is not None:
        last = timezone.localtime(end)
        text += f"-{last:%H:%M}" if last.date() == first.date() else f" to {last:%a} {day(last)}, {last:%H:%M}"
    return f"{text} {zone_name()}"


def zone_name() -> str:
    """The name of the zone that times are written in, for example "Europe/Paris"."""
    return str(timezone.get_current_timezone())


def count(number: int | None) -> str:
    """A count with separators: "4,812"."""
    return NOTHING if number is None else wording.count(number)


def plural(number: int, word: str, words: str = "") -> str:
    """A count with its noun: "1 conversation", "4,812 conversations"; `words` where more of it take no mere s."""
    return f"{count(number)} {word}" if number == 1 else f"{count(number)} {words or f'{word}s'}"


def share(fraction: float | None, n: int) -> str:
    """A share of `n`: whole percent, one decimal from n 1,000."""
    return NOTHING if fraction is None else wording.share(fraction, n)


def signed(value: float | None) -> str:
    """An index with its sign: "+22", "-8", "0"."""
    return NOTHING if value is None else f"{round(value):+d}" if round(value) else "0"
