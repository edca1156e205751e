"""The marks of many conversations at once, for the list and for files; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet

from dashboard.formats import plural
from interactions.models import Flag, Note, Review, Tagging, person_name
from interactions.models.among import among_keys
from interactions.models.prepared import Blank, Prepared

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class RowMarks:
    """What a row of the list shows."""

    is_reviewed: bool = False
    is_mine: bool = False
    is_flagged: bool = False
    reviewed_by: str = ""
    # The last one's time.
    reviewed_at: datetime | None = None
    flagged_by: str = ""
    tags: tuple[str, ...] = ()
    note_count: int = 0

    @property
    def glyph(self) -> str:
        return f"{'✓' if self.is_reviewed else '' if self.is_flagged else '○'}{'⚑' if self.is_flagged else ''}"

    @property
    def words(self) -> str:
        """For who does not see the glyph, or does not know it."""
        words = f"Reviewed by {self.reviewed_by}" if self.is_reviewed else "Not reviewed"
        return f"{words}, flagged" if self.is_flagged else words


NONE = RowMarks()
_REVIEWS = Prepared(
    lambda: (
        Review.objects.filter(conversation__among=Blank("keys")).select_related("user").order_by("reviewed_at", "pk")
    )
)
_FLAGS = Prepared(lambda: Flag.objects.filter(conversation__among=Blank("keys")).select_related("user"))


def marks_of(pks: Collection[int], user: Reader, columns: Collection[str] = ()) -> dict[int, RowMarks]:
    """By primary key, for the conversations that have any; tags and notes where `columns` show them."""
    reviewers: dict[int, list[int | None]] = defaultdict(list)
    reviewed_at: dict[int, datetime] = {}
    names: dict[int | None, str] = {None: person_name(None), user.pk: "you"}
    keys = list(pks)
    for review in _REVIEWS(keys=keys):
        reviewers[review.conversation_id].append(review.user_id)
        reviewed_at[review.conversation_id] = review.reviewed_at
        names.setdefault(review.user_id, person_name(review.user))
    flagged = {flag.conversation_id: flag.user for flag in _FLAGS(keys=keys)}
    tags = _tags(pks) if "tags" in columns else {}
    notes = _note_counts(pks) if "notes" in columns else {}
    return {
        pk: RowMarks(
            is_reviewed=pk in reviewers,
            is_mine=user.pk in reviewers[pk],
            is_flagged=pk in flagged,
            reviewed_by=_and_more([names[by] for by in _first_mine(reviewers[pk], user.pk)]),
            reviewed_at=reviewed_at.get(pk),
            flagged_by=_who(flagged[pk], user) if pk in flagged else "",
            tags=tuple(tags.get(pk, ())),
            note_count=notes.get(pk, 0),
        )
        for pk in set[int]().union(reviewers, flagged, tags, notes)
    }


def _first_mine(by: list[int | None], me: int | None) -> list[int | None]:
    return sorted(by, key=lambda pk: pk != me)


def _and_more(names: list[str]) -> str:
    """ "you", "Ivo and 2 others"."""
    if len(names) < 2:
        return "".join(names)
    return f"{names[0]} and {plural(len(names) - 1, 'other')}"


def _who(person: Reader | None, reader: Reader) -> str:
    return "you" if person == reader else person_name(person)


def _flags(pks: Collection[int]) -> QuerySet[Flag]:
    return Flag.objects.filter(conversation__in=among_keys(pks))


def _note_counts(pks: Collection[int]) -> dict[int, int]:
    """Those on messages too."""
    counted = Note.objects.filter(conversation__in=among_keys(pks)).order_by().values("conversation_id")
    return dict(counted.annotate(count=Count("pk")).values_list("conversation_id", "count"))


def _tags(pks: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Tagging.objects.filter(conversation__in=among_keys(pks)).order_by("tag__key")
    for pk, name in rows.values_list("conversation_id", "tag__name"):
        found[pk].append(name)
    return found


class Written(NamedTuple):
    """What a line of a file says: names and texts of all, the time of the last review."""

    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    is_flagged: bool = False
    tags: str = ""
    notes: str = ""


NOTHING = Written()


def written(pks: Collection[int], people: dict[int, str]) -> dict[int, Written]:
    """By primary key, for the conversations that have marks; `people` are names by key, those of `names_of`."""
    reviews: dict[int, list[tuple[int | None, datetime]]] = defaultdict(list)
    rows = Review.objects.filter(conversation__in=among_keys(pks)).order_by("reviewed_at", "pk")
    for pk, user, at in rows.values_list("conversation_id", "user_id", "reviewed_at"):
        reviews[pk].append((user, at))
    flagged = set(_flags(pks).values_list("conversation_id", flat=True))
    tags = _tags(pks)
    notes: dict[int, list[str]] = defaultdict(list)
    texts = Note.objects.filter(conversation__in=among_keys(pks)).order_by("written_at", "pk")
    for pk, user, text in texts.values_list("conversation_id", "user_id", "text"):
        notes[pk].append(f"{_name(people, user)}: {text}")
    return {
        pk: Written(
            "; ".join(_name(people, user) for user, _ in reviews[pk]),
            reviews[pk][-1][1] if reviews[pk] else None,
            pk in flagged,
            "; ".join(tags.get(pk, ())),
            "\n".join(notes.get(pk, ())),
        )
        for pk in set[int]().union(reviews, flagged, tags, notes)
    }


def _name(people: dict[int, str], user: int | None) -> str:
    return people.get(user or 0, person_name(None))


def names_of() -> dict[int, str]:
    """Everyone who can sign in or could; read once for each file."""
    return {user.pk: person_name(user) for user in get_user_model().objects.all()}
