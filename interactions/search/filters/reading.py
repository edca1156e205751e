"""Reads one value from the address; what cannot be read says why, in words for the page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

Read = Callable[[str], Any]
LONGEST_ID = 128
FIRST_YEAR, LAST_YEAR = 1970, 2999

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class BadValue(ValueError):
    """A value of the address cannot be read; its text finishes the sentence "it ..."."""


def quoted(value: str) -> str:
    """`value` as an error sentence may repeat it: short, and nothing that does not print."""
    shown = "".join(
        c if unicodedata.category(c)[0] not in "CZ" or c == " " else "\N{REPLACEMENT CHARACTER}" for c in value
    )
    return shown if len(shown) <= 40 else f"{shown[:39]}\N{HORIZONTAL ELLIPSIS}"


def whole_number(least: int, most: int, *, unit: str = "") -> Read:
    """A reader of plain decimal digits from `least` to `most`, both included."""
    signs = "-?" if least < 0 else ""
    digits = re.compile(rf"{signs}[0-9]{{1,{len(str(most))}}}")
    what = f"must be a whole number of {unit}" if unit else "must be a whole number"

    def read(value: str) -> int:
        if not digits.fullmatch(value) or not least <= int(value) <= most:
            raise BadValue(f"{what} from {least} to {most}")
        return int(value)

    return read


def one_of(values: tuple[str, ...]) -> Read:
    allowed = " or ".join([", ".join(values[:-1]), values[-1]] if len(values) > 1 else values)

    def read(value: str) -> str:
        if value not in values:
            raise BadValue(f"must be {allowed}")
        return value

    return read


def liveperson_id(value: str) -> str:
    """Any printable id, also one that does not exist: that gives an empty list, not an error."""
    if len(value) > LONGEST_ID:
        raise BadValue(f"must be an id of at most {LONGEST_ID} characters")
    if not value.isprintable() and any(unicodedata.category(c) in {"Cc", "Cs"} for c in value):
        raise BadValue("must be an id, without control characters")
    return value


def pasted_id(value: str) -> str:
    """An id with the blanks that come along when it is copied; none of LivePerson's begins or ends with one."""
    return liveperson_id(value.strip())


def code(value: str) -> str:
    """One of LivePerson's own words; they are stored and linked in lower case."""
    return liveperson_id(value).lower()


def day(value: str) -> date:
    found = _DATE.fullmatch(value)
    if not found:
        raise BadValue("must be a date such as 2026-11-01")
    year, month, number = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadValue(f"must be a date between {FIRST_YEAR} and {LAST_YEAR}")
    try:
        return date(year, month, number)
    except ValueError:
        raise BadValue("must be a date that exists") from None


@cache
def _zones() -> frozenset[str]:
    # Walks folders, hence once. Some systems list a name for "not set" and one for the machine's own.
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})


def zone_name(value: str) -> str:
    # The list of names decides: ZoneInfo alone would look the text up as a path.
    if value not in _zones():
        raise BadValue("must be the name of a time zone, such as Europe/Paris")
    return value
