"""Tags to choose from while one is typed."""

from django.db.models import Value
from django.db.models.functions import StrIndex

from interactions.models import Tag, tag_key
from interactions.models.prepared import Prepared

# What the page of a conversation holds, and what an answer to something typed does.
MOST_ON_PAGE, MOST_FOUND = 200, 50


_FIRST = Prepared(lambda: Tag.objects.order_by("key").values_list("name", flat=True)[: MOST_ON_PAGE + 1])


def first_tags() -> tuple[list[str], bool]:
    """The names of the first by letter, and whether there are more of them."""
    names = _FIRST()
    return names[:MOST_ON_PAGE], len(names) > MOST_ON_PAGE


def matching_tags(typed: str) -> list[str]:
    """The names of those that hold what is typed, in whatever capitals; those that begin with it come first."""
    key = tag_key(typed.replace("\0", ""))
    # Sought by place: LIKE would take letters of SQLite's alphabet for capitals, and has signs of its own.
    place = StrIndex("key", Value(key))
    found = Tag.objects.annotate(place=place).filter(place__gt=0).order_by("place", "key")
    return list(found.values_list("name", flat=True)[:MOST_FOUND])
