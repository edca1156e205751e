"""Filters on what conversations were rated: CSAT, MCS, NPS, solved, and how far the survey came."""

from interactions.models import Survey
from interactions.search.codes import BANDS

from .table import choices, numbers

FAMILY = "Rating"
_OF = ("or more", "or less")

FILTERS = (
    choices("csat", FAMILY, "CSAT", {str(n): str(n) for n in range(1, 6)}, prefix="CSAT", stored=int, none="no CSAT"),
    numbers("csat", FAMILY, "CSAT", 1, 5),
    choices("mcs", FAMILY, "MCS", {}, none="no MCS"),
    numbers("mcs", FAMILY, "MCS", 0, 100),
    choices(
        "mcs_band", FAMILY, "MCS band", {str(value): word for value, word in BANDS.items()}, prefix="MCS", stored=int
    ),
    numbers("mcs_fall", FAMILY, "Largest MCS fall", 0, 100, prefix="MCS fall of", ends=_OF),
    numbers("nps", FAMILY, "NPS", 0, 10),
    choices(
        "fcr", FAMILY, "Solved", {"1": "yes", "0": "no"}, prefix="solved at first contact:", stored=lambda v: v == "1"
    ),
    choices("survey", FAMILY, "Survey", dict(Survey.choices), prefix="survey"),
    choices(
        "comment",
        FAMILY,
        "Survey comment",
        {"1": "a survey comment", "0": "no survey comment"},
        column="has_comment",
        stored=lambda v: v == "1",
    ),
)
