"""What the frame of every page shows: where one can go, whose data it is, how fresh, and how it should look."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.functional import cached_property

from dashboard import formats
from dashboard.links import path as path_of
from dashboard.models import Preference
from dashboard.saved.start import home_url, preference_of
from interactions.ingest.status import Freshness, freshness
from interactions.models import is_sandbox_account

# Only pages that exist are shown: a route that is not there yet leaves no gap.
PLACES = (("overview", "Overview"), ("conversation-list", "Conversations"), ("sync", "Sync"))


@dataclass(frozen=True)
class Place:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Sign:
    """How fresh the data is, in one line; `is_bad` where someone has to look at it."""

    text: str
    state: str

    @property
    def is_bad(self) -> bool:
        return self.state in ("incomplete", "behind")


def sign(found: Freshness) -> Sign:
    """The worst that holds, in words, times in the current zone."""
    return Sign(_words(found), found.state)


def _words(found: Freshness) -> str:
    if found.state == "behind":
        return f"! Behind: {f'last read {formats.moment(found.read_to)}' if found.read_to else 'nothing read yet'}"
    if found.state == "incomplete":
        return f"! Incomplete: {formats.plural(found.incomplete_count, 'period')}"
    if found.state == "history" and found.history_back_to:
        doing = "History paused" if found.history_paused_at else "Reading history"
        return f"{doing}: back to {formats.day(timezone.localtime(found.history_back_to))}"
    if found.state == "current" and found.read_to:
        return f"Data to {formats.moment(found.read_to)} ✓"
    return "History paused" if found.history_paused_at else "Reading the first conversations"


class Frame:
    """Read once per page, and only by pages that draw it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def preference(self) -> Preference:
        user = getattr(self._request, "user", None)
        return preference_of(user) if user is not None else Preference()

    @cached_property
    def state(self) -> Freshness:
        return freshness()

    @property
    def freshness(self) -> Sign:
        return sign(self.state)

    @property
    def account_id(self) -> str:
        return self.state.account_id

    @property
    def is_sandbox(self) -> bool:
        return is_sandbox_account(self.account_id)

    @property
    def navigation(self) -> tuple[Place, ...]:
        return tuple([place for name, label in PLACES if (place := self._place(name, label))])

    @property
    def home_url(self) -> str:
        return home_url(self.preference)

    @property
    def sync_url(self) -> str:
        place = self._place("sync", "Sync")
        return place.url if place else ""

    @property
    def search_url(self) -> str:
        """Where the search field of the frame leads; the list has its own."""
        place = self._place("conversation-list", "")
        return "" if place is None or self._request.path == place.url else place.url

    def _place(self, route: str, label: str) -> Place | None:
        try:
            url = path_of(route)
        except NoReverseMatch:
            return None
        path = self._request.path
        return Place(label, url, path == url or (url != "/" and path.startswith(url)))


def frame_for(request: HttpRequest) -> Frame:
    """The one frame of this page: what it asks for is asked once."""
    found = getattr(request, "readback_frame", None)
    if not isinstance(found, Frame):
        found = Frame(request)
        request.readback_frame = found  # type: ignore[attr-defined]
    return found


def frame(request: HttpRequest) -> dict[str, object]:
    return {"frame": frame_for(request)}
