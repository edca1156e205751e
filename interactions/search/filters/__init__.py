"""Every filter there is, one entry each; parser, conditions, sentence and form controls all come from here."""

from . import marks, people, ratings, rest, text, time
from .reading import BadValue, quoted, whole_number, zone_name
from .table import Choice, Filter, NameKind, Names, Parameter

FILTERS: dict[str, Filter] = {
    entry.key: entry for family in (text, ratings, people, time, rest, marks) for entry in family.FILTERS
}

__all__ = [
    "FILTERS",
    "BadValue",
    "Choice",
    "Filter",
    "NameKind",
    "Names",
    "Parameter",
    "quoted",
    "whole_number",
    "zone_name",
]
