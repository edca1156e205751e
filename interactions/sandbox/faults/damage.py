"""Damage on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interactions.sandbox.wire import Break, Drip, Silence, Wire

from .fault import Fault

if TYPE_CHECKING:
    from interactions.sandbox.calls import Answer


@dataclass(kw_only=True)
class Truncated(Fault):
    """The body ends after a share of its bytes, and its length says so."""

    share: float = 0.6

    def spoil(self, answer: Answer) -> None:
        answer.body = answer.body[: int(len(answer.body) * self.share)]
        answer.going = lambda: None


@dataclass(kw_only=True)
class _Wired(Fault):
    def wire(self) -> Wire:
        raise NotImplementedError

    def spoil(self, answer: Answer) -> None:
        answer.wire = self.wire()
        answer.going = lambda: None  # nobody gets it whole


@dataclass(kw_only=True)
class Reset(_Wired):
    """The connection is reset: before the answer, or after a share of its body."""

    share: float = 0.0

    def wire(self) -> Wire:
        return Break(self.share)


@dataclass(kw_only=True)
class HalfOpen(_Wired):
    """The request is taken and never answered, until the caller hangs up."""

    def wire(self) -> Wire:
        return Silence()


@dataclass(kw_only=True)
class Slow(_Wired):
    """So many bytes a second (of real time), until the caller hangs up."""

    bytes_per_second: int = 1000

    def wire(self) -> Wire:
        return Drip(self.bytes_per_second)
