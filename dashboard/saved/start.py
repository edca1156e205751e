"""Where a person starts: the overview, or a view that they chose."""

from django.urls import reverse

from dashboard.formats import zone_name
from dashboard.models import Preference
from dashboard.saved.offers import Reader, find


def preference_of(user: Reader) -> Preference:
    found = getattr(user, "preference", None)
    return found if isinstance(found, Preference) else Preference()


def home_url(preference: Preference) -> str:
    """What leads there from every page; what became of the view is only looked up when somebody goes."""
    return reverse("start-page") if preference.start_view else reverse("overview")


def start_url(user: Reader) -> str:
    """Their start page; the overview where the view is gone or not shared any more."""
    key = preference_of(user).start_view
    offer = find(user, key) if key else None
    return offer.address(zone_name()) if offer else reverse("overview")
