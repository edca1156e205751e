"""Survey answered: the share of offered surveys that were answered."""

from django.db.models import Count, Q

from interactions.models import Survey

from .figure import Change, Figure, Metric, Note, Values
from .intervals import share_difference, wilson
from .wording import NOTHING, count, share, share_interval, verdict

OFFERED = (Survey.OFFERED, Survey.ABANDONED, Survey.ANSWERED)
OFFERED_PARAMS = {"survey": tuple(state.value for state in OFFERED)}


def _read(values: Values) -> Figure:
    answered, n = values["answered"], values["n"]
    rest = values["not_offered"]
    notes = (Note(f"{count(rest)} not offered", {"survey": (Survey.NOT_OFFERED.value,)}),) if rest else ()
    if not n:
        return Figure(
            value=None, n=0, text=NOTHING, n_text="n 0", reason="not offered", n_params=OFFERED_PARAMS, notes=notes
        )
    interval = wilson(answered, n)
    low, high = interval or (None, None)
    return Figure(
        value=answered / n,
        n=n,
        part=answered,
        low=low,
        high=high,
        text=share(answered / n, n),
        interval_text=share_interval(interval, n),
        n_text=f"of {count(n)} offered",
        params={"survey": (Survey.ANSWERED.value,)},
        n_params=OFFERED_PARAMS,
        notes=notes,
    )


def _compare(now: Figure, before: Figure) -> Change | None:
    interval = share_difference(now.part or 0, now.n, before.part or 0, before.n)
    return verdict(interval, 100, "points", f"{before.text} of {count(before.n)}")


METRIC = Metric(
    key="survey",
    name="Survey answered",
    definition=(
        "Surveys answered divided by surveys offered, whether answered, abandoned or ignored, with the 95% interval "
        "(Wilson). Conversations in which none was offered are counted apart."
    ),
    columns={
        "n": Count("pk", filter=Q(survey__in=OFFERED)),
        "answered": Count("pk", filter=Q(survey=Survey.ANSWERED)),
        "not_offered": Count("pk", filter=Q(survey=Survey.NOT_OFFERED)),
    },
    read=_read,
    compare=_compare,
)
