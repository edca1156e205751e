"""First human reply: the median of the spans, and the span within which nine in ten came."""

from interactions.search.sums import Number

from .figure import Change, Figure, Metric, Note, Percentiles, Values
from .wording import NOTHING, count, span

REPLIED = {"first_response_min": 0}


def _read(values: Values) -> Figure:
    n = values["n"]
    if not n:
        return Figure(value=None, n=0, text=NOTHING, n_text="n 0", reason="no human reply", n_params=REPLIED)
    median, ninth = values["percentiles"]
    return Figure(
        value=median,
        n=n,
        text=span(median),
        interval_text="median",
        n_text=f"n {count(n)}",
        params=REPLIED,
        n_params=REPLIED,
        notes=(Note(f"90% in {span(ninth)}"),),
    )


def _compare(now: Figure, before: Figure) -> Change | None:
    # A median has no verdict here: an interval of the difference of two medians is not computed.
    return Change(f"{before.text} before") if now.value is not None and before.value is not None else None


METRIC = Metric(
    key="first_response",
    name="First human reply",
    definition=(
        "From the consumer's first message to the next message of a human agent; bots, private notes and automatic "
        "messages are left out. The median: half were quicker. Conversations without such a reply are not counted."
    ),
    sums={"n": Number("first_response_seconds")},
    read=_read,
    compare=_compare,
    percentiles=Percentiles("first_response_seconds", (50, 90)),
)
