"""Conversations: how many there are."""

from interactions.search.sums import Number

from .figure import Change, Figure, Metric, Values
from .wording import count


def _read(values: Values) -> Figure:
    n = values["n"]
    return Figure(value=n, n=n, text=count(n), n_text="")


def _compare(now: Figure, before: Figure) -> Change | None:
    if not before.n:
        return None
    percent = round(100 * (now.n - before.n) / before.n)
    if percent == 0:
        return Change(f"as many as before: {before.text}" if now.n == before.n else f"about as many as {before.text}")
    return Change(f"{'up' if percent > 0 else 'down'} {count(abs(percent))}% from {before.text}")


METRIC = Metric(
    key="conversations",
    name="Conversations",
    definition="Conversations that match, open ones included, by the day they started.",
    sums={"n": Number()},
    read=_read,
    compare=_compare,
)
