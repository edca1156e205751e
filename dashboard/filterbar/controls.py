"""The controls of the filter form as the templates print them: one small template for each kind.

All are values that never change, by which the markup of a control is known again (templatetags/once.py).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, NamedTuple

# More than these and a box gets a field to find one in.
SHORT = 6
Kind = Literal["toggles", "box", "range", "text"]


class Option(NamedTuple):
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Control(ABC):
    """`name` is the parameter's, and the class of its field in the form."""

    name: str
    label: str

    @property
    @abstractmethod
    def kind(self) -> Kind: ...

    @property
    def template(self) -> str:
        return f"dashboard/_filter_{self.kind}.html"

    @property
    def names(self) -> list[str]:
        """The parameters that it writes."""
        return [self.name]

    @property
    @abstractmethod
    def is_set(self) -> bool: ...


@dataclass(frozen=True)
class Field(Control):
    """A field to type in; a number has bounds. `usual` is a value that says nothing, as it holds anyway."""

    value: str
    is_wrong: bool
    type: str = "text"
    low: int | None = None
    high: int | None = None
    suggestions: tuple[str, ...] = ()
    hint: str = ""
    usual: str = ""

    @property
    def kind(self) -> Kind:
        return "text"

    @property
    def is_set(self) -> bool:
        return self.value not in ("", self.usual)


@dataclass(frozen=True)
class Range(Control):
    """Two fields, from and to."""

    fields: tuple[Field, Field]

    @property
    def kind(self) -> Kind:
        return "range"

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]

    @property
    def is_set(self) -> bool:
        return any(field.is_set for field in self.fields)


@dataclass(frozen=True)
class Choices(Control):
    """A group of check boxes; a long one gets a field to find one in, and shows the chosen ones first."""

    options: tuple[Option, ...]
    is_wrong: bool
    as_toggles: bool = False
    # Has counts beside its values once they are loaded.
    is_counted: bool = False
    # A choice that says how the others are meant.
    rule: "Rule | None" = None

    @property
    def kind(self) -> Kind:
        return "toggles" if self.as_toggles else "box"

    @property
    def names(self) -> list[str]:
        return [self.name, self.rule.name] if self.rule else [self.name]

    @property
    def is_long(self) -> bool:
        return len(self.options) > SHORT

    @property
    def is_set(self) -> bool:
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True)
class Rule:
    """One of a few, in a drop-down list."""

    name: str
    label: str
    options: tuple[Option, ...]
    is_wrong: bool
