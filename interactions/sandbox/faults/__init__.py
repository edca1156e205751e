"""Faults that a test scripts: what goes wrong, at which calls, or for how long by the account's own clock."""

from .answers import Bomb, ExpireBearers, Html, Nothing, Outage, Status, TooMany
from .damage import HalfOpen, Reset, Slow, Truncated
from .fault import BY_ID, SEARCH, Fault, Faults
from .lists import CutShort, Doubled, PartialResult, Poison, Shuffled, Switches
from .moving import Arriving, Changing, Leaving

__all__ = [
    "BY_ID",
    "SEARCH",
    "Arriving",
    "Bomb",
    "Changing",
    "CutShort",
    "Doubled",
    "ExpireBearers",
    "Fault",
    "Faults",
    "HalfOpen",
    "Html",
    "Leaving",
    "Nothing",
    "Outage",
    "PartialResult",
    "Poison",
    "Reset",
    "Shuffled",
    "Slow",
    "Status",
    "Switches",
    "TooMany",
    "Truncated",
]
