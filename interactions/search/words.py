"""What somebody types into the search field, as a tree: words, "phrases", prefix*, OR, -not, (groups).

Nothing that is typed is an error. A quotation mark or bracket that stays open ends with the text, an operator without
a word beside it is passed over, and what holds no letter or digit asks for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from .text import BOUNDARY, UNSPACED, normalise

_OPENING, _CLOSING = '"“„«‟〝', '"”“»‟〞〟'
# A straight mark directly behind a letter or digit opens nothing: it stands for inches, or in a Hebrew acronym. Where
# words are written without spaces it does, and behind a word that joins.
_WITHIN = rf'(?<=[^\W_{UNSPACED}])(?<!\bOR)(?<!\bNOT)(?<!\bAND)"'
# What keyboards and word processors make of a minus; a dash that is longer stands between words.
_MINUS = r"\-‐‑‒–−﹣－"
_PIECE = re.compile(
    rf"""
    (?P<not>[{_MINUS}](?=[^\s{_MINUS}]))?
    (?:
      (?!{_WITHIN})[{_OPENING}](?P<phrase>[^{_CLOSING}]*)(?:[{_CLOSING}]|\Z)(?P<more>\*)?
    | (?P<open>\()
    | (?P<close>\))
    | (?P<or>\|+)
    | (?P<word>(?:[^\s()|{_OPENING}]|{_WITHIN})+)
    )
    """,
    re.VERBOSE,
)
_OR, _NOT = "OR", "NOT"
# Joins signs into one, as a family or a flag.
_GLUE = frozenset({"Cf", "Mn", "Me"})
_PASSED_OVER = frozenset({"AND", "&", "&&", "+"})


@dataclass(frozen=True)
class Term:
    """Tokens that stand one after the other, as the index holds them; of a prefix the last one only begins so."""

    tokens: tuple[str, ...]
    is_prefix: bool = False

    def __str__(self) -> str:
        return " ".join(self.tokens) + ("*" if self.is_prefix else "")


@dataclass(frozen=True)
class Not:
    of: Tree


@dataclass(frozen=True)
class All:
    of: tuple[Tree, ...]


@dataclass(frozen=True)
class Any:
    of: tuple[Tree, ...]


Tree = Term | Not | All | Any


def parse(text: str) -> Tree | None:
    """The tree of what was typed; None when it asks for nothing."""
    group = _Group()
    around: list[_Group] = []
    for found in _PIECE.finditer(text):
        if found["open"]:
            around.append(group)
            group.is_next_not ^= bool(found["not"])
            group = _Group()
        elif found["close"]:
            if around:
                inner, group = group.tree(), around.pop()
                group.add(inner)
        elif found["phrase"] is not None:
            group.add(_negated(_term(found["phrase"], bool(found["more"])), bool(found["not"])))
        elif found["or"]:
            group.other()
        else:
            _take(group, found["word"], bool(found["not"]))
    while around:
        inner, group = group.tree(), around.pop()
        group.add(inner)
    return group.tree()


def _take(group: _Group, word: str, is_not: bool) -> None:
    if not is_not and word == _OR:
        group.other()
    elif not is_not and word == _NOT:
        group.is_next_not = not group.is_next_not
    elif is_not or word not in _PASSED_OVER:
        group.add(_negated(_term(word, word.endswith("*")), is_not))


def signs(text: str) -> list[str]:
    """The emoji and other signs of what was typed, each once: no index holds them, and nobody is told by the answer."""
    found: dict[str, None] = {}
    for word in text.replace("|", " ").split():
        run = ""
        for character in f"{word} ":
            category = unicodedata.category(character)
            if category[0] == "S" or (run and category in _GLUE):
                run += character
            elif run:
                found[run] = None
                run = ""
    found.pop("+", None)  # between words it says nothing
    return list(found)


def _term(words: str, is_prefix: bool) -> Term | None:
    tokens = tuple([token for token in normalise(words).split() if token != BOUNDARY])
    return Term(tokens, is_prefix) if tokens else None


def _negated(tree: Tree | None, is_not: bool) -> Tree | None:
    if tree is None or not is_not:
        return tree
    return tree.of if isinstance(tree, Not) else Not(tree)


@dataclass
class _Group:
    """What stands between two brackets: trees that all must hold, each made of alternatives.

    OR joins its two neighbours alone, as in every search field that people know: in `parcel late OR lost` the parcel
    is wanted either way.
    """

    rows: list[list[Tree]] = field(default_factory=list)
    is_next_not: bool = False
    is_next_other: bool = False

    def add(self, tree: Tree | None) -> None:
        found = _negated(tree, self.is_next_not)
        is_other, self.is_next_not, self.is_next_other = self.is_next_other, False, False
        if found is None:
            return
        if is_other and self.rows:
            self.rows[-1].append(found)
        else:
            self.rows.append([found])

    def other(self) -> None:
        self.is_next_not, self.is_next_other = False, True

    def tree(self) -> Tree | None:
        rows = [_joined(Any, row) for row in self.rows]
        return _joined(All, rows) if rows else None


def _joined(kind: type[All] | type[Any], trees: list[Tree]) -> Tree:
    """One tree of several; what is of the same kind melts into it, so that long rows do not become deep."""
    flat: list[Tree] = []
    for tree in trees:
        flat.extend(tree.of if isinstance(tree, kind) else (tree,))
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else kind(once)


def terms(tree: Tree | None, *, wanted: bool = True) -> Iterator[Term]:
    """The terms of a tree that an answer may hold; with `wanted=False` those that it must not."""
    if isinstance(tree, Term):
        if wanted:
            yield tree
    elif isinstance(tree, Not):
        yield from terms(tree.of, wanted=not wanted)
    elif tree is not None:
        for part in tree.of:
            yield from terms(part, wanted=wanted)


def count_of_terms(tree: Tree | None) -> int:
    """How many words, phrases and beginnings it holds, each as often as it stands there."""
    if isinstance(tree, Term):
        return 1
    if isinstance(tree, Not):
        return count_of_terms(tree.of)
    return 0 if tree is None else sum(map(count_of_terms, tree.of))


def depth(tree: Tree | None) -> int:
    """How many trees stand one inside the other."""
    if tree is None or isinstance(tree, Term):
        return 0
    return 1 + (depth(tree.of) if isinstance(tree, Not) else max(map(depth, tree.of)))
