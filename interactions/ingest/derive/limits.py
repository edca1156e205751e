"""Keeping values inside their columns: what does not fit is shortened or dropped, and noted."""

import re

from interactions.liveperson.records import Problem

MOST_PROBLEMS = 100
SMALL = 2**15 - 1
WHOLE = 2**31 - 1
CONTROLS = re.compile("[\0-\x1f\x7f-\x9f]")


def plain(word: str) -> str:
    """An id or code without control characters: neither an address nor a filter takes them."""
    return word if word.isprintable() else CONTROLS.sub("\N{REPLACEMENT CHARACTER}", word)


class Notes:
    """The oddities of one record: those of parsing, then those found while deriving."""

    __slots__ = ("found",)

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.found = [{"path": problem.path, "what": problem.what} for problem in problems[:MOST_PROBLEMS]]

    def add(self, path: str, what: str) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append({"path": path, "what": what})

    def fit(self, text: str | None, length: int, path: str) -> str:
        """The text, at most `length` characters of it; nothing becomes ""."""
        if text is None:
            return ""
        if len(text) <= length:
            return text
        self.add(path, f"shortened to {length} characters")
        return text[:length]

    def code(self, text: str | None, length: int, path: str) -> str:
        """One of LivePerson's words in lower case, as filters and files name it."""
        return "" if text is None else self.fit(self._plain(text.lower(), path), length, path)

    def key(self, text: str | None, length: int, path: str) -> str | None:
        """An id that must fit whole: a shortened one would name somebody else."""
        if text is None or len(text) <= length:
            return text and self._plain(text, path)
        self.add(path, f"an id of more than {length} characters")
        return None

    def _plain(self, word: str, path: str) -> str:
        found = plain(word)
        if found != word:
            self.add(path, "control characters were replaced")
        return found

    def whole(self, number: int | None, highest: int, path: str) -> int | None:
        if number is None or -highest <= number <= highest:
            return number
        self.add(path, f"beyond {highest}")
        return None
