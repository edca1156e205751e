"""CSAT: the share of ratings that are 4 or 5."""

from interactions.search.sums import Number

from .figure import Figure, Metric, Values
from .proportion import compare, proportion
from .wording import count

GOOD = (4, 5)
RATED = {"csat_min": 1}


def _read(values: Values) -> Figure:
    return proportion(
        values["good"],
        values["n"],
        n_text=f"n {count(values['n'])}",
        none="no ratings",
        params={"csat": tuple(str(rating) for rating in GOOD)},
        n_params=RATED,
    )


METRIC = Metric(
    key="csat",
    name="CSAT (4 and 5)",
    definition=(
        "Ratings of 4 and 5 divided by all ratings from 1 to 5; surveys that were not answered are left out. "
        "In brackets the 95% interval (Wilson): the range in which the share of many more such ratings would lie."
    ),
    sums={"n": Number("csat"), "good": Number("csat", GOOD)},
    read=_read,
    compare=compare,
)
