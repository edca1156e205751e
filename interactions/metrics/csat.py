"""CSAT: the share of ratings that are 4 or 5."""

from django.db.models import Count, Q

from .figure import Change, Figure, Metric, Values
from .intervals import share_difference, wilson
from .wording import NOTHING, count, share, share_interval, verdict

GOOD = (4, 5)
RATED = {"csat_min": 1}


def _read(values: Values) -> Figure:
    good, n = values["good"], values["n"]
    if not n:
        return Figure(value=None, n=0, text=NOTHING, n_text="n 0", reason="no ratings", n_params=RATED)
    interval = wilson(good, n)
    low, high = interval or (None, None)
    return Figure(
        value=good / n,
        n=n,
        part=good,
        low=low,
        high=high,
        text=share(good / n, n),
        interval_text=share_interval(interval, n),
        n_text=f"n {count(n)}",
        params={"csat": tuple(str(rating) for rating in GOOD)},
        n_params=RATED,
    )


def _compare(now: Figure, before: Figure) -> Change | None:
    interval = share_difference(now.part or 0, now.n, before.part or 0, before.n)
    return verdict(interval, 100, "points", f"{before.text} of {count(before.n)}")


METRIC = Metric(
    key="csat",
    name="CSAT (4 and 5)",
    definition=(
        "Ratings of 4 and 5 divided by all ratings from 1 to 5; surveys that were not answered are left out. "
        "In brackets the 95% interval (Wilson): the range in which the share of many more such ratings would lie."
    ),
    columns={"n": Count("csat"), "good": Count("pk", filter=Q(csat__in=GOOD))},
    read=_read,
    compare=_compare,
)
