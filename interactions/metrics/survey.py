"""Survey answered: the share of offered surveys that were answered."""

from interactions.models import Survey
from interactions.search.sums import Number

from .figure import Figure, Metric, Note, Values
from .proportion import compare, proportion
from .wording import count

OFFERED = (Survey.OFFERED, Survey.ABANDONED, Survey.ANSWERED)
OFFERED_PARAMS = {"survey": tuple(state.value for state in OFFERED)}


def _read(values: Values) -> Figure:
    rest = values["not_offered"]
    return proportion(
        values["answered"],
        values["n"],
        n_text=f"of {count(values['n'])} offered",
        none="not offered",
        params={"survey": (Survey.ANSWERED.value,)},
        n_params=OFFERED_PARAMS,
        notes=(Note(f"{count(rest)} not offered", {"survey": (Survey.NOT_OFFERED.value,)}),) if rest else (),
    )


METRIC = Metric(
    key="survey",
    name="Survey answered",
    definition=(
        "Surveys answered divided by surveys offered, whether answered, abandoned or ignored, with the 95% interval "
        "(Wilson). Conversations in which none was offered are counted apart."
    ),
    sums={
        "n": Number("survey", OFFERED_PARAMS["survey"]),
        "answered": Number("survey", (Survey.ANSWERED.value,)),
        "not_offered": Number("survey", (Survey.NOT_OFFERED.value,)),
    },
    read=_read,
    compare=compare,
)
