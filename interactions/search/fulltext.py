"""The full-text index behind one face: which conversations hold the words of a tree, as SQL of either database.

A row of the index is a transcript, or a part of a long one (`TranscriptText`). Where a transcript has one row the tree
is asked of that row at once. Of a longer one each term is asked by itself, in all its parts, and then put together:
"refund" and "late" may stand in two of them, and a word that must not be there must be in none.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from interactions.models import Conversation, TranscriptText
from interactions.models.among import among_keys
from interactions.models.text import PART_BITS

from .joined import BETWEEN_NUMBERS, numbers
from .words import All, Any, Not, Term, Tree, terms

if TYPE_CHECKING:
    from .joined import Numbers

COLUMNS = ("consumer", "agent", "bot", "note", "comment")
INDEX = "interactions_transcriptindex"
_TABLE = TranscriptText._meta.db_table
_LAST = (1 << PART_BITS) - 1
# Rows of the index: so many are listed and sorted in 0.1 s, and in 20 ms.
RARE, VERY_RARE = 50_000, 10_000
# Keys between two that are looked for.
WIDEST_GAP = 500
# Look-ups that take less than listing all that hold a common word.
FEW_STRETCHES = 40
# Transcripts that PostgreSQL looks at one by one.
FEW_LOOKED_AT = 5_000
_LONG = f"SELECT conversation_id FROM {_TABLE} WHERE part > 0"


@dataclass(frozen=True)
class Words:
    """A tree asked of some of COLUMNS. `tree` is None where nothing can be asked: then nothing is found."""

    tree: Tree | None
    columns: tuple[str, ...] = COLUMNS

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that an answer may hold: what must not be there stands nowhere."""
        return tuple(dict.fromkeys(terms(self.tree)))


@dataclass(frozen=True)
class Held:
    """Conversations that hold the words, and how many look-ups that took."""

    pks: set[int]
    cost: int


@dataclass(frozen=True)
class Sql:
    text: str
    params: tuple[str, ...] = ()


def conversations(words: Words) -> tuple[Sql, bool]:
    """A subquery of conversations' keys; the flag says whether they are those asked for, or all the others."""
    if words.tree is None:
        return Sql(f"SELECT conversation_id FROM {_TABLE} WHERE 1 = 0"), True
    return _sqlite(words) if connection.vendor == "sqlite" else _postgresql(words)


def count_of(words: Words) -> int:
    """How many of all conversations hold the words."""
    if words.tree is None:
        return 0
    found, is_so = _sqlite_count(words) if connection.vendor == "sqlite" else _postgresql_count(words)
    return found if is_so else Conversation.objects.count() - found


def keys_of(words: Words) -> tuple[Numbers, bool]:
    """Keys of conversations in any order, some twice; the flag as in `conversations`.

    Joined by the database into one text: 0.1 µs for each, a tenth of what a row of the answer takes. PostgreSQL reads
    each row that its index names: 3 µs.
    """
    found, is_so = conversations(words)
    all_of = "GROUP_CONCAT(held)" if connection.vendor == "sqlite" else f"STRING_AGG(held::text, '{BETWEEN_NUMBERS}')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {all_of} FROM (SELECT 0 AS held WHERE 1 = 0 UNION ALL {found.text}) every", found.params
        )
        return numbers(cursor.fetchone()[0] or ""), is_so


def held_nearby(words: Words, pks: Sequence[int]) -> set[int] | None:
    """Those of the conversations that hold the words; None where so many look-ups would take long."""
    if words.tree is None:
        return set()
    if connection.vendor == "sqlite":
        return held_among(words, pks).pks if len(_stretches(sorted(pks))) <= FEW_STRETCHES else None
    if len(pks) > FEW_LOOKED_AT:
        return None
    rows = Conversation.objects.filter(held_by_each(words), pk__in=among_keys(pks))
    return set(rows.values_list("pk", flat=True))


def _number(sql: str, params: Sequence[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return int(cursor.fetchone()[0])


def _needs_parts(tree: Tree) -> bool:
    """Whether a row that holds the tree might not tell of its whole transcript."""
    if isinstance(tree, Term):
        return False
    return not isinstance(tree, Any) or any(_needs_parts(part) for part in tree.of)


def _combined(tree: Tree, leaf: Callable[[Term], Sql]) -> Sql:
    """The tree as a condition in SQL, from the conditions of its terms."""
    if isinstance(tree, Term):
        return leaf(tree)
    if isinstance(tree, Not):
        inner = _combined(tree.of, leaf)
        return Sql(f"NOT {inner.text}", inner.params)
    parts = [_combined(part, leaf) for part in tree.of]
    joined = (" AND " if isinstance(tree, All) else " OR ").join([part.text for part in parts])
    return Sql(f"({joined})", tuple([param for part in parts for param in part.params]))


def _turned(tree: Tree) -> tuple[Tree, bool]:
    """The tree, or its contrary, so that it is found by words that are there; the flag says which."""
    if isinstance(tree, Term):
        return tree, True
    if isinstance(tree, Not):
        inner, is_so = _turned(tree.of)
        return inner, not is_so
    turned = [_turned(part) for part in tree.of]
    there = tuple([part for part, is_so in turned if is_so])
    absent = tuple([part for part, is_so in turned if not is_so])
    if isinstance(tree, All):
        if not there:
            return _of(Any, absent), False
        return (All((*there, Not(_of(Any, absent)))) if absent else _of(All, there)), True
    if not absent:
        return _of(Any, there), True
    return (All((*absent, Not(_of(Any, there)))) if there else _of(All, absent)), False


def _of(kind: type[All] | type[Any], trees: tuple[Tree, ...]) -> Tree:
    return trees[0] if len(trees) == 1 else kind(trees)


# SQLite: FTS5

_MATCH = f"SELECT {{}} FROM {INDEX} WHERE {INDEX} MATCH %s"
_BETWEEN = f"{_MATCH.format(f'rowid >> {PART_BITS}')} AND rowid BETWEEN %s AND %s"


def _sqlite(words: Words) -> tuple[Sql, bool]:
    tree, is_so = _turned(words.tree)  # type: ignore[arg-type]
    asked = match_of(tree, words.columns)
    found = _MATCH.format(f"rowid >> {PART_BITS}")
    if not _needs_parts(tree):
        return Sql(found, (asked,)), is_so
    inside = _combined(tree, lambda term: _held_by("long.conversation_id", match_of(term, words.columns)))
    text = (
        f"{found} AND rowid >> {PART_BITS} NOT IN ({_LONG}) "
        f"UNION ALL SELECT conversation_id FROM {_TABLE} long WHERE long.part = 1 AND {inside.text}"
    )
    return Sql(text, (asked, *inside.params)), is_so


def _held_by(key: str, asked: str) -> Sql:
    """Whether a transcript has a row that holds what is asked."""
    rows = f"rowid BETWEEN ({key}) << {PART_BITS} AND (({key}) << {PART_BITS}) + {_LAST}"
    return Sql(f"EXISTS ({_MATCH.format(1)} AND {rows})", (asked,))


def are_rare(words: Words, *, is_met_soon: bool) -> bool:
    """Whether it is quicker to list all transcripts that hold the words, or that lack them, than to look at each.

    SQLite alone, whose index is read at 18 million rows a second, and listed at one million; `is_met_soon` says that
    those of one in a hundred are met soon on a walk.
    """
    if words.tree is None:
        return True
    tree, _ = _turned(words.tree)
    return _are_at_most(VERY_RARE if is_met_soon else RARE, tree, words.columns)


def are_held_by(most: int, words: Words) -> bool:
    """Whether so many transcripts hold the words, at most. SQLite alone."""
    if words.tree is None:
        return True
    tree, is_so = _turned(words.tree)
    return is_so and _are_at_most(most, tree, words.columns)


def _are_at_most(most: int, tree: Tree, columns: Sequence[str]) -> bool:
    sql = f"SELECT COUNT(*) FROM ({_MATCH.format(1)} LIMIT {most + 1})"
    return _number(sql, [match_of(tree, columns)]) <= most


def _sqlite_count(words: Words) -> tuple[int, bool]:
    """All rows that match, which the index counts by itself, less those of long transcripts, which are then asked."""
    tree, is_so = _turned(words.tree)  # type: ignore[arg-type]
    asked = match_of(tree, words.columns)
    rows = f"rowid BETWEEN (long.conversation_id << {PART_BITS}) AND (long.conversation_id << {PART_BITS}) + {_LAST}"
    long = f"(SELECT DISTINCT conversation_id FROM {_TABLE} WHERE part > 0) long"
    surplus = f"SELECT TOTAL((SELECT COUNT(*) FROM {INDEX} WHERE {INDEX} MATCH %s AND {rows})) FROM {long}"
    inside = _combined(tree, lambda term: _held_by("long.conversation_id", match_of(term, words.columns)))
    found = _number(_MATCH.format("COUNT(*)"), [asked]) - _number(surplus, [asked])
    return found + _number(f"SELECT COUNT(*) FROM {long} WHERE {inside.text}", inside.params), is_so


def held_among(words: Words, pks: Sequence[int]) -> Held:
    """Those of the conversations that hold the words. SQLite alone.

    Neighbours in an order mostly came in together and have keys side by side: a stretch of keys costs a look-up (0.5 ms
    at a million) and 1 µs for each of its transcripts that match.
    """
    tree, is_so = _turned(words.tree)  # type: ignore[arg-type]
    asked, wanted = match_of(tree, words.columns), set(pks)
    stretches = _stretches(sorted(wanted))
    found: set[int] = set()
    with connection.cursor() as cursor:
        for first, last in stretches:
            cursor.execute(_BETWEEN, (asked, first << PART_BITS, (last << PART_BITS) + _LAST))
            found.update([row[0] for row in cursor.fetchall()])
    held = found & wanted
    if _needs_parts(tree):
        parts = TranscriptText.objects.filter(part__gt=0, conversation__in=among_keys(wanted))
        long: set[int] = set(parts.values_list("conversation_id", flat=True))
        held = (held - long) | _long_held(tree, words, long)
    return Held(held if is_so else wanted - held, len(stretches))


def _long_held(tree: Tree, words: Words, pks: set[int]) -> set[int]:
    """Of conversations in several parts those that hold the tree in all of them together."""
    inside = _combined(tree, lambda term: _held_by("one.value", match_of(term, words.columns)))
    with connection.cursor() as cursor:
        listed = orjson.dumps(list(pks)).decode()
        cursor.execute(f"SELECT one.value FROM json_each(%s) one WHERE {inside.text}", (listed, *inside.params))
        return {int(row[0]) for row in cursor.fetchall()}


def _stretches(pks: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of the runs of ascending keys that have no gap wider than a look-up is worth."""
    found: list[tuple[int, int]] = []
    for pk in pks:
        if found and pk - found[-1][1] <= WIDEST_GAP:
            found[-1] = (found[-1][0], pk)
        else:
            found.append((pk, pk))
    return found


def match_of(tree: Tree, columns: Sequence[str]) -> str:
    """The tree in FTS5's own language; `Not` stands only beside something that is there (see `_turned`)."""
    asked = _fts5(tree)
    return asked if tuple(columns) == COLUMNS else f"{{{' '.join(columns)}}} : {asked}"


def _fts5(tree: Tree) -> str:
    if isinstance(tree, Term):
        return f'"{" ".join(tree.tokens)}"{" *" if tree.is_prefix else ""}'
    if isinstance(tree, Any):
        return f"({' OR '.join([_fts5(part) for part in tree.of])})"
    assert isinstance(tree, All)
    there = " AND ".join([_fts5(part) for part in tree.of if not isinstance(part, Not)])
    absent = " OR ".join([_fts5(part.of) for part in tree.of if isinstance(part, Not)])
    return f"(({there}) NOT ({absent}))" if absent else f"({there})"


# PostgreSQL: a tsvector for each column


def _postgresql(words: Words) -> tuple[Sql, bool]:
    tree, is_so = _turned(words.tree)  # type: ignore[arg-type]
    row = _combined(tree, lambda term: _vectors(term, words.columns))
    found = f"SELECT conversation_id FROM {_TABLE} WHERE {row.text}"
    if not _needs_parts(tree):
        return Sql(found, row.params), is_so
    inside = _combined(tree, lambda term: _probe(term, words.columns))
    text = (
        f"{found} AND conversation_id NOT IN ({_LONG}) "
        f"UNION ALL SELECT conversation_id FROM {_TABLE} long WHERE long.part = 1 AND {inside.text}"
    )
    return Sql(text, (*row.params, *inside.params)), is_so


def held_by_each(words: Words) -> Q:
    """The same, asked of conversations one by one. PostgreSQL alone."""
    return Q(pk__in=()) if words.tree is None else _asked_of_one(words.tree, words.columns)


def _asked_of_one(tree: Tree, columns: Sequence[str]) -> Q:
    if isinstance(tree, Not):
        return ~_asked_of_one(tree.of, columns)
    if not isinstance(tree, Term):
        join = operator.and_ if isinstance(tree, All) else operator.or_
        return functools.reduce(join, [_asked_of_one(part, columns) for part in tree.of])
    asked = _vectors(tree, columns)
    parts = TranscriptText.objects.filter(conversation=OuterRef("pk"))
    return Q(Exists(parts.filter(RawSQL(asked.text, asked.params, output_field=BooleanField()))))


def _postgresql_count(words: Words) -> tuple[int, bool]:
    """All rows that match, which the index alone tells, less those that a long transcript has beyond its first."""
    found, is_so = _postgresql(words)
    count = _number(f"SELECT COUNT(*) FROM ({found.text}) AS found", found.params)
    if _needs_parts(_turned(words.tree)[0]):  # type: ignore[arg-type]
        return count, is_so  # one row for each transcript
    beyond = f"COUNT(*) - COUNT(DISTINCT conversation_id) FROM ({found.text} AND conversation_id IN ({_LONG})) AS found"
    return count - _number(f"SELECT {beyond}", found.params), is_so


def _vectors(term: Term, columns: Sequence[str]) -> Sql:
    asked = " <-> ".join([f"'{token}'" for token in term.tokens]) + (":*" if term.is_prefix else "")
    each = " OR ".join([f"{column}_tsv @@ to_tsquery('simple', %s)" for column in columns])
    return Sql(f"({each})", (asked,) * len(columns))


def _probe(term: Term, columns: Sequence[str]) -> Sql:
    asked = _vectors(term, columns)
    text = f"SELECT 1 FROM {_TABLE} part WHERE part.conversation_id = long.conversation_id AND {asked.text}"
    return Sql(f"EXISTS ({text})", asked.params)
