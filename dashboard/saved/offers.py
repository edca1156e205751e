"""The views that a person may open: their own, those that others share, and those that Readback brings along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from dashboard import columns
from dashboard.models import SavedView
from interactions.models.prepared import Blank, Prepared
from interactions.search import Parsed, parse

Reader = AbstractBaseUser | AnonymousUser
Kind = Literal["mine", "shared", "built in"]

# Key, name, address. One whose parameters are not built yet is not offered.
BUILT_IN = (
    ("low-ratings", "Rated 1 or 2, last 7 days", "csat=1&csat=2&period=7d&sort=csat"),
    ("collapsed", "Collapsed: fall of 30 or more", "mcs_fall_min=30&sort=-mcs_fall"),
    ("comments", "Comments to read", "comment=1"),
    # Waiting is the queue's: nobody has taken them, and who waits longest stands first. Whether an agent who has a
    # conversation owes an answer is not said by it.
    ("waiting", "Open and waiting", "queue=in_queue&status=open&sort=started_at"),
)


@dataclass(frozen=True)
class Offer:
    """One view as one person is offered it. `columns` is None where the reader's own are shown."""

    key: str
    name: str
    querystring: str
    kind: Kind
    columns: columns.Keys | None = None
    owner: str = ""
    is_shared: bool = False
    may_change: bool = False

    @property
    def pk(self) -> int | None:
        return None if self.kind == "built in" else int(self.key)

    def parsed(self, zone: str) -> Parsed:
        """Its question, in `zone` where it has none of its own."""
        return parse(QueryDict(self.querystring), zone=zone)

    def address(self, zone: str) -> str:
        """The list that shows it, also where a parameter of it holds no more: the list then says which."""
        parsed = self.parsed(zone)
        tail = self.querystring
        if parsed.is_valid:
            tail = parsed.query.replace(has_own_zone=True, view=self.key).querystring()
        else:
            tail = f"{tail}&view={quote(self.key)}"
        return f"{reverse('conversation-list')}?{tail}"


_VIEWS = Prepared(lambda: SavedView.objects.offered_to(Blank("user")).select_related("owner"))


def offers(user: Reader) -> list[Offer]:
    """Mine, then shared, then built in; one query."""
    views = _VIEWS(user=user.pk) if user.is_authenticated else []
    found = sorted((_offer(view, user) for view in views), key=lambda offer: (offer.kind, offer.name.casefold()))
    return [*found, *_built_in()]


def find(user: Reader, key: str) -> Offer | None:
    """None for an unknown one and for somebody else's alike."""
    built_in = {offer.key: offer for offer in _built_in()}
    if key in built_in or not is_number(key):
        return built_in.get(key)
    view = SavedView.objects.visible_to(user).select_related("owner").filter(pk=int(key)).first()
    return _offer(view, user) if view else None


def is_number(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 19


def _offer(view: SavedView, user: Reader) -> Offer:
    is_mine = view.owner_id == user.pk
    return Offer(
        key=str(view.pk),
        name=view.name,
        querystring=view.querystring,
        kind="mine" if is_mine else "shared",
        columns=columns.known(view.columns),
        owner=view.owner.get_full_name() or view.owner.get_username(),
        is_shared=view.is_shared,
        may_change=is_mine or bool(getattr(user, "is_superuser", False)),
    )


def _built_in() -> list[Offer]:
    every = (Offer(key, name, querystring, "built in") for key, name, querystring in BUILT_IN)
    return [offer for offer in every if offer.parsed("UTC").is_valid]
