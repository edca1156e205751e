"""Readers of JSON objects, made from a list of fields: the usual value is taken in line, every other through `Node`."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from interactions.liveperson.records.coerce import EMPTY, EMPTY_IDS, EMPTY_NAMES, LARGEST, LATEST_MS, NOBODY, Node
from interactions.liveperson.records.quick import twin_of

T = TypeVar("T")
Json = dict[str, Any]
# Where an object lies in the one around it: a key, or a key and an index.
Place = tuple[str | int, ...]
Read = Callable[[Json, Node, Place], T]
# How a field is read: the method of Node with its arguments ("a|b" for two spellings of a key), "inline" with an
# expression, "usual" with an expression (and its condition) and a function for all other values, or any function.
Field = tuple[Any, ...] | Callable[[Node], object]
NOTHING: Field = ("inline", "None")

_DIGITS = "str(v) if v.__class__ is int and 0 < v <= LARGEST"
_WORD = f"(None if v in {{0}} else v) if clean and v.__class__ is str else {_DIGITS}"
_USUAL = {
    "text": _WORD.format("EMPTY"),
    "name": _WORD.format("EMPTY_NAMES"),
    "identity": _WORD.format("EMPTY_IDS"),
    "person": _WORD.format("NOBODY"),
    "group": f"v if clean and v.__class__ is str and v not in EMPTY_IDS else {_DIGITS}",
    "verbatim": "v or None if clean and v.__class__ is str",
    "number": "v if v.__class__ is int and -LARGEST <= v <= LARGEST",
    "within": "v if v.__class__ is int and {1} <= v <= {2}",
    "flag": "v if v is True or v is False",
    "instant": "v if v.__class__ is int and 0 < v <= LATEST_MS",
}
_KNOWN = {
    "EMPTY": EMPTY,
    "EMPTY_NAMES": EMPTY_NAMES,
    "EMPTY_IDS": EMPTY_IDS,
    "NOBODY": NOBODY,
    "LARGEST": LARGEST,
    "LATEST_MS": LATEST_MS,
}


def reader(made: type[T], **how: Field) -> Read[T]:
    """A function (object, the node around it, its place there) that reads `made`, a frozen dataclass with slots.

    Most of a record is words, and a call for each is what reading costs: what is as expected costs a look-up here,
    and all that is odd goes through a Node, which knows what to make of it and notes it.
    """
    names = [each.name for each in fields(made)]  # type: ignore[arg-type]
    if names != list(how):
        raise TypeError(f"{made.__name__} has other fields, or in another order")
    lines = ["def read(data, parent, place):", " get, clean, made = data.get, parent.is_clean, new(twin)"]
    scope: dict[str, Any] = {**_KNOWN, "frozen": made, "twin": twin_of(made)}
    scope["new"] = scope["twin"].__new__
    for name, field in how.items():
        if callable(field) or field[0] == "usual":
            usual, scope[f"read_{name}"] = ("", field) if callable(field) else (f"{field[1]} else ", field[2])
            lines.append(f" made.{name} = {usual}read_{name}(parent.inner(data, *place))")
        else:
            lines += _lines(name, *field)
    lines += [" made.__class__ = frozen", " return made"]
    exec("\n".join(lines), scope)
    read: Read[T] = scope["read"]
    return read


def _lines(name: str, method: str, spelled: str, *more: object) -> list[str]:
    if method == "inline":
        return [f" made.{name} = {spelled}"]
    keys = spelled.split("|")
    arguments = ", ".join([repr(keys[0]), *map(repr, more)])
    node = "parent.inner(data, *place)"
    slow = f"{node}.{method}({arguments})"
    if method == "instant":  # the exact number, else the text beside it
        empty = f"v is None and get({spelled!r}) is None"
        keys = [f"{spelled}L"]
    else:
        empty = "v is None"
    lines = [f" v = get({keys[0]!r})"]
    for key in keys[1:]:
        lines += [" if v is None:", f"  v = get({key!r})"]
        slow = f"{node}.{method}({node}.first{tuple(keys)!r})"
    usual = _USUAL.get(method)
    quick = "" if usual is None else f"{usual.format(spelled, *more)} else "
    return [*lines, f" made.{name} = None if {empty} else {quick}{slow}"]


def read_each(record: Node, key: str, read: Read[T]) -> tuple[T, ...]:
    """The objects of a list; anything else in it is noted and left out."""
    items = record.items(key)
    if {*map(type, items)} == {dict}:
        return tuple([read(item, record, (key, index)) for index, item in enumerate(items)])
    found = []
    for index, item in enumerate(items):
        if isinstance(item, dict):
            found.append(read(item, record, (key, index)))
        else:
            record.note_stranger(key, index, item)
    return tuple(found)
