"""What the frame of every page shows: where one can go, whose data it is, how fresh, and how it should look."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from dashboard.models import Preference
from interactions.models import Account

# Only pages that exist are shown: a route that is not there yet leaves no gap.
PLACES = (("overview", "Overview"), ("conversation-list", "Conversations"), ("sync", "Sync"))


@dataclass(frozen=True)
class Place:
    name: str
    url: str
    is_current: bool


class Frame:
    """Read once per page, and only by pages that draw it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def preference(self) -> Preference:
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return Preference()
        return Preference.objects.filter(user_id=user.pk).first() or Preference()

    @cached_property
    def _account(self) -> Account | None:
        return Account.objects.first()

    @property
    def account_id(self) -> str:
        return self._account.account_id if self._account else ""

    @property
    def is_sandbox(self) -> bool:
        return self._account is not None and self._account.is_sandbox

    @property
    def navigation(self) -> list[Place]:
        return [place for name, label in PLACES if (place := self._place(name, label))]

    @property
    def sync_url(self) -> str:
        place = self._place("sync", "Sync")
        return place.url if place else ""

    def _place(self, route: str, label: str) -> Place | None:
        try:
            url = reverse(route)
        except NoReverseMatch:
            return None
        path = self._request.path
        return Place(label, url, path == url or (url != "/" and path.startswith(url)))


def frame(request: HttpRequest) -> dict[str, object]:
    return {"frame": SimpleLazyObject(lambda: Frame(request))}
