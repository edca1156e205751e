"""Reading one JSON object field by field: odd values become None and a problem, never an exception."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from interactions.liveperson.codec import decode_strictly, encode_strictly

EMPTY = frozenset({"", "undefined", "null", "NA", "N/A"})
EMPTY_NAMES = EMPTY | {"Unassigned"}
EMPTY_IDS = EMPTY | {"-1"}
NOBODY = EMPTY_IDS | {"0"}
MAIN_GROUP = "-1"
LARGEST = 2**63 - 1
LATEST_MS = 253_402_127_999_999  # two days before the year 10000, so that every zone can show it
DEEPEST = 64
MOST_PROBLEMS = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_WHOLE = re.compile(r"[+-]?\d{1,20}(\.0*)?", re.ASCII)
_DIGITS = bytes([48 if 48 <= code < 58 else 32 for code in range(256)])
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
_KINDS: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What was odd in a record and where; never holds the value itself, which may be personal."""

    path: str
    what: str


class Node:
    """One JSON object of a record, its place in the record, and the record's list of problems.

    Every reader takes the API's key, gives None for what stands for nothing, and notes what it cannot use.
    `is_clean` says that the whole record can be encoded strictly, without NUL: a look at each text is saved.
    """

    __slots__ = ("data", "path", "problems", "is_clean")

    def __init__(
        self, data: dict[str, Any], path: tuple[str | int, ...], problems: list[Problem], is_clean: bool = False
    ) -> None:
        self.data = data
        self.path = path
        self.problems = problems
        self.is_clean = is_clean

    def inner(self, data: dict[str, Any], *place: str | int) -> "Node":
        """A node for an object inside this one."""
        return Node(data, (*self.path, *place), self.problems, self.is_clean)

    def note(self, key: str, what: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(_written((*self.path, key)), what))

    # Text

    def text(self, key: str) -> str | None:
        """A word or label, without the words that stand for nothing."""
        value = self.data.get(key)
        if value is None:
            return None
        if type(value) is not str:
            value = self._as_text(key, value)
        if value is None or value in EMPTY:
            return None
        return value if self.is_clean or value.isprintable() else self._storable(key, value)

    def texts(self, *keys: str) -> list[str | None]:
        """Several words at once: most of a record is words, and a call for each is what reading costs."""
        get = self.data.get
        found: list[str | None] = []
        for key in keys:
            value = get(key)
            if value is None:
                found.append(None)
            elif type(value) is str and self.is_clean:
                found.append(None if value in EMPTY else value)
            else:
                found.append(self.text(key))
        return found

    def name(self, key: str) -> str | None:
        """A name of a skill, group or person, which may also be "Unassigned"."""
        value = self.data.get(key)
        if value is None:
            return None
        if self.is_clean and type(value) is str:
            return None if value in EMPTY_NAMES else value
        found = self.text(key)
        return None if found == "Unassigned" else found

    def verbatim(self, key: str) -> str | None:
        """What somebody wrote: "NA" and "null" are words here, only "" is nothing."""
        value = self.data.get(key)
        if value is None:
            return None
        if type(value) is not str:
            value = self._as_text(key, value)
        if not value:
            return None
        return value if self.is_clean or value.isprintable() else self._storable(key, value)

    def _as_text(self, key: str, value: object) -> str | None:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._number_as_text(key, value)
        self.note(key, f"expected text, found {_kind(value)}")
        return None

    def _number_as_text(self, key: str, value: int | float) -> str | None:
        if isinstance(value, float):
            if not math.isfinite(value):
                self.note(key, "not a finite number")
                return None
            if not value.is_integer():
                return str(value)
            value = int(value)
        # The fast decoder makes such a number a float and the patient one does not; both must end alike.
        if abs(value) > LARGEST:
            self.note(key, "a number beyond 64 bits")
            return None
        return str(value)

    def _storable(self, key: str, value: str) -> str:
        # isprintable() is the quick look; line breaks and rare scripts come here too.
        if _UNSTORABLE.search(value) is None:
            return value
        self.note(key, "characters that cannot be stored were replaced")
        return replace_unstorable(value)

    # Ids

    def identity(self, key: str) -> str | None:
        """An id, delivered as text or number; -1 is nothing."""
        value = self.data.get(key)
        if value is None:
            return None
        if self.is_clean and type(value) is str:
            return None if value in EMPTY_IDS else value
        found = self.text(key)
        return None if found == "-1" else found

    def person(self, key: str) -> str | None:
        """An id of a person; "0" is nobody."""
        value = self.data.get(key)
        if value is None:
            return None
        if self.is_clean and type(value) is str:
            return None if value in NOBODY else value
        found = self.text(key)
        return None if found == "-1" or found == "0" else found

    def group(self, key: str, name_key: str) -> str | None:
        """An id of an agent group; -1 is the Main Group unless the name says that there is none."""
        found = self.text(key)
        return None if found == MAIN_GROUP and self.data.get(name_key) == "Unassigned" else found

    # Numbers

    def number(self, key: str) -> int | None:
        """A whole number of at most 64 bits; -1 and 0 are values."""
        value = self.data.get(key)
        if value is None:
            return None
        if type(value) is int and -LARGEST <= value <= LARGEST:
            return value
        return self._as_number(key, value)

    def _as_number(self, key: str, value: object) -> int | None:
        if isinstance(value, str):
            if value.strip() in EMPTY:
                return None
            if _WHOLE.fullmatch(value.strip()) is None:
                self.note(key, "expected a whole number, found other text")
                return None
            value = int(value.strip().partition(".")[0])
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.note(key, f"expected a number, found {_kind(value)}")
            return None
        if isinstance(value, float):
            if not value.is_integer():
                self.note(key, "not a whole number")
                return None
            value = int(value)
        if abs(value) > LARGEST:
            self.note(key, "a number beyond 64 bits")
            return None
        return value

    def within(self, key: str, lowest: int, highest: int) -> int | None:
        """A whole number inside the bounds."""
        found = self.number(key)
        if found is None or lowest <= found <= highest:
            return found
        self.note(key, f"outside {lowest} to {highest}")
        return None

    def flag(self, key: str) -> bool | None:
        """Yes or no, delivered as JSON, as text or as 0 and 1."""
        value = self.data.get(key)
        if value is None or value is True or value is False:
            return value
        word = value.strip() if isinstance(value, str) else ""
        if value == 1 or word.lower() in _TRUE:
            return True
        if value == 0 or word.lower() in _FALSE:
            return False
        if not isinstance(value, str) or word not in EMPTY:
            self.note(key, f"expected true or false, found {_kind(value)}")
        return None

    # Times

    def instant(self, key: str) -> int | None:
        """Epoch milliseconds from the pair `key` + "L" (a number) and `key` (a text in UTC)."""
        exact = key + "L"
        value = self.data.get(exact)
        if type(value) is int and 0 < value <= LATEST_MS:
            return value
        found = None if value is None else self._as_instant(exact, value)
        if found is None:
            twin = self.data.get(key)
            return None if twin is None else self._as_instant(key, twin)
        return found

    def stamp(self, key: str) -> int | None:
        """Epoch milliseconds from one key, delivered as number, as digits or as a written time."""
        value = self.data.get(key)
        if type(value) is str and len(value) == 13 and value.isascii() and value.isdecimal():
            value = int(value)
        if type(value) is int and 0 < value <= LATEST_MS:
            return value
        return None if value is None else self._as_instant(key, value)

    def _as_instant(self, key: str, value: object) -> int | None:
        if isinstance(value, str):
            if value.strip() in EMPTY_IDS:
                return None
            if _WHOLE.fullmatch(value.strip()) is None:
                value = _written_instant(value.strip())
                if value is None:
                    self.note(key, "expected a time")
                    return None
        found = self._as_number(key, value)
        if found is None or found == -1:
            return None
        if 0 < found <= LATEST_MS:
            return found
        self.note(key, "a time outside 1970 to 9999")
        return None

    # Containers

    def first(self, *keys: str) -> str:
        """The first of several spellings that was delivered."""
        return next((key for key in keys if self.data.get(key) is not None), keys[0])

    def child(self, key: str) -> "Node | None":
        """An object inside this one."""
        value = self.data.get(key)
        if isinstance(value, dict):
            return Node(value, (*self.path, key), self.problems, self.is_clean)
        if value is not None and not (isinstance(value, str) and value in EMPTY):
            self.note(key, f"expected an object, found {_kind(value)}")
        return None

    def items(self, key: str) -> list[Any]:
        """A list inside this object; nothing stands for an empty one."""
        value = self.data.get(key)
        if isinstance(value, list):
            return value
        if value is not None and not (isinstance(value, str) and value in EMPTY):
            self.note(key, f"expected a list, found {_kind(value)}")
        return []

    def rows(self, key: str) -> "Iterator[Node]":
        """The objects of a list; anything else in it is noted and left out."""
        place, problems, is_clean = (*self.path, key), self.problems, self.is_clean
        for index, item in enumerate(self.items(key)):
            if isinstance(item, dict):
                yield Node(item, (*place, index), problems, is_clean)
            else:
                self.note_stranger(key, index, item)

    def note_stranger(self, key: str, index: int, item: object) -> None:
        """That something in a list is no object."""
        self.note(f"{key}[{index}]", f"expected an object, found {_kind(item)}")

    def words(self, key: str) -> tuple[str, ...]:
        """A list of labels or ids, as text."""
        items = self.items(key)
        if self.is_clean and set(map(type, items)) <= {str}:
            return tuple([word for word in items if word not in EMPTY])
        listed = {str(index): item for index, item in enumerate(items)}
        return tuple([word for word in self.inner(listed, key).texts(*listed) if word is not None])

    def tree(self, key: str) -> Any:
        """JSON of a shape that we do not know, made safe to store: see `storable`."""
        value = self.data.get(key)
        strict = encode_strictly(value) if self.is_clean else None
        if strict is not None and not has_long_number(strict):
            return decode_strictly(strict)
        try:
            return storable(value, lambda what: self.note(key, what))
        except (ValueError, RecursionError):
            self.note(key, "nested too deeply")
            return None


def storable(value: Any, note: Callable[[str], None], depth: int = 0) -> Any:
    """A copy of JSON in which every value can be stored as UTF-8 text, 64-bit integer or finite number."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {storable(str(key), note): storable(item, note, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item, note, depth + 1) for item in value]
    if isinstance(value, str):
        if value.isprintable() or _UNSTORABLE.search(value) is None:
            return value
        note("characters that cannot be stored were replaced")
        return replace_unstorable(value)
    if (isinstance(value, int) and abs(value) > LARGEST) or (isinstance(value, float) and not math.isfinite(value)):
        note("a number that cannot be stored")
        return None
    return value


def has_long_number(encoded: bytes) -> bool:
    """Whether 19 digits stand in a row: perhaps a number beyond 64 bits, which the fast decoder takes for a float."""
    return b"0" * 19 in encoded.translate(_DIGITS)


def _written(path: tuple[str | int, ...]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return replace_unstorable("".join(parts).removeprefix("."))[:200]


def replace_unstorable(text: str) -> str:
    """The text without NUL and lone surrogates, which no database takes."""
    return _UNSTORABLE.sub("\ufffd", text)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "something else")


def _written_instant(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND
