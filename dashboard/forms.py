"""Forms of the frame: signing in, preferences."""

from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from dashboard.models import Preference

if TYPE_CHECKING:
    _PreferenceForm = forms.ModelForm[Preference]
else:  # generic for the type checker only
    _PreferenceForm = forms.ModelForm


class SignInForm(AuthenticationForm):
    """Name and password; one sentence for every failure, so that it never says which part was wrong."""

    error_messages = {
        "invalid_login": "The name and password do not match.",
        "inactive": "The name and password do not match.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Name"
        self.fields["username"].widget.attrs.update(
            {"autofocus": True, "autocomplete": "username", "spellcheck": "false", "aria-describedby": "login-error"}
        )
        self.fields["password"].widget.attrs.update({"aria-describedby": "login-error"})


class PreferenceForm(_PreferenceForm):
    """What a person may choose on /me/; the zone is kept with the scope, the rest with the preferences."""

    zone = forms.CharField(label="Time zone", required=False, max_length=64)
    start_view = forms.ChoiceField(label="Start page", required=False)

    class Meta:
        model = Preference
        fields = ["theme", "row_height", "opens_at", "single_keys", "start_view"]
        widgets = {"theme": forms.RadioSelect, "row_height": forms.RadioSelect, "opens_at": forms.RadioSelect}
        labels = {
            "theme": "Theme",
            "row_height": "Row height",
            "opens_at": "A transcript opens",
            "single_keys": "Single-key shortcuts",
        }

    def __init__(self, *args: Any, views: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start = self.fields["start_view"]
        assert isinstance(start, forms.ChoiceField)
        start.choices = [("", "Overview"), *views]

    def clean_zone(self) -> str:
        name: str = self.cleaned_data["zone"].strip()
        if name and name not in available_timezones():
            raise ValidationError(f"There is no time zone called {name}. One is called Europe/Paris.")
        return name


@cache
def zone_names() -> tuple[str, ...]:
    """Zones named after a place, for the field's suggestions; every other real name is taken too."""
    # Finding them walks folders.
    return tuple(
        sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    )


def default_zone() -> str:
    return str(ZoneInfo(settings.TIME_ZONE))
