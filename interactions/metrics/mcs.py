"""MCS: the mean of the conversations' last scores, and LivePerson's index of their bands."""

from math import sqrt

from interactions.search.sums import Number, Total

from .figure import Change, Figure, Metric, Note, Values
from .intervals import mean_difference, mean_interval
from .wording import NOTHING, count, verdict

SCORED = {"mcs_min": 0}
BANDED = {"mcs_band": ("-1", "0", "1")}


def _read(values: Values) -> Figure:
    n = values["n"]
    if not n:
        return Figure(value=None, n=0, text=NOTHING, n_text="n 0", reason="not scored", n_params=SCORED)
    mean = values["sum"] / n
    # Whole numbers until here, so that nothing cancels: n * sum of squares - square of sum is exact.
    spread = sqrt((n * values["squares"] - values["sum"] ** 2) / (n * (n - 1))) if n > 1 else None
    interval = mean_interval(mean, spread, n) if spread is not None else None
    low, high = interval or (None, None)
    return Figure(
        value=mean,
        n=n,
        low=low,
        high=high,
        spread=spread,
        text=f"{mean:.0f}",
        interval_text=f"({max(interval[0], 0):.0f}-{min(interval[1], 100):.0f})" if interval else "",
        n_text=f"n {count(n)}",
        params=SCORED,
        n_params=SCORED,
        notes=_index(values),
    )


def _index(values: Values) -> tuple[Note, ...]:
    if not values["banded"]:
        return ()
    index = round(100 * (values["positive"] - values["negative"]) / values["banded"])
    return (Note(f"index {index:+d}" if index else "index 0", BANDED),)


def _compare(now: Figure, before: Figure) -> Change | None:
    if now.value is None or before.value is None or now.spread is None or before.spread is None:
        return None
    interval = mean_difference((now.value, now.spread, now.n), (before.value, before.spread, before.n))
    return verdict(interval, 1, "points", f"{before.text} of {count(before.n)}")


METRIC = Metric(
    key="mcs",
    name="MCS mean, 0-100",
    definition=(
        "The mean of the last Meaningful Conversation Score of each scored conversation, 0 to 100, with its 95% "
        "interval (Student's t). The index is LivePerson's: +100 for a positive, 0 for a neutral and -100 for a "
        "negative band, averaged."
    ),
    sums={
        "n": Number("mcs"),
        "sum": Total("mcs"),
        "squares": Total("mcs", 2),
        "banded": Number("mcs_band"),
        "positive": Number("mcs_band", (1,)),
        "negative": Number("mcs_band", (-1,)),
    },
    read=_read,
    compare=_compare,
)
