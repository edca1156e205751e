"""One small module per figure: definition, SQL expression, interval, wording; the registry holds them all."""

from . import conversations, csat, first_response, mcs, survey
from .agents import COLUMN, PARAMETER, RULE, AgentFigures, agent_figures
from .distributions import Bar, Distributions
from .figure import Change, Figure, Metric, Note, Params
from .measure import Figures, measure, measure_whole_and_by
from .trend import Span, Trend, trend

REGISTRY: dict[str, Metric] = {
    metric.key: metric
    for metric in (conversations.METRIC, csat.METRIC, mcs.METRIC, first_response.METRIC, survey.METRIC)
}

__all__ = [
    "COLUMN",
    "PARAMETER",
    "REGISTRY",
    "RULE",
    "AgentFigures",
    "Bar",
    "Change",
    "Distributions",
    "Figure",
    "Figures",
    "Metric",
    "Note",
    "Params",
    "Span",
    "Trend",
    "agent_figures",
    "measure",
    "measure_whole_and_by",
    "trend",
]
