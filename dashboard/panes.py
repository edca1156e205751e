"""Which panes of the reader a person keeps open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import User

from dashboard.models import Preference
from dashboard.saved.start import preference_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser

# What a form names, and the preference's field behind it.
PANES = {"list": "list_pane", "context": "context_pane"}


@dataclass(frozen=True)
class Panes:
    """True is open."""

    list: bool = True
    context: bool = True


def panes_of(user: "Reader") -> Panes:
    preference = preference_of(user)
    return Panes(preference.list_pane, preference.context_pane)


def keep(user: User, name: str, *, is_open: bool) -> None:
    """Remembers it for this person; `name` is one of PANES."""
    Preference.objects.update_or_create(user=user, defaults={PANES[name]: is_open})
