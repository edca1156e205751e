"""The form that names a view and says who may open it."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dashboard.models import SavedView
from interactions.search import isolated

if TYPE_CHECKING:
    _SavedViewForm = forms.ModelForm[SavedView]
else:  # generic for the type checker only
    _SavedViewForm = forms.ModelForm


class SavedViewForm(_SavedViewForm):
    """Name and sharing; what the view shows is given by the address, never by a field."""

    name = forms.CharField(label="Name", max_length=80, error_messages={"required": "Give the view a name."})

    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        # Compared here as well: SQLite folds the case of ASCII letters alone.
        taken = SavedView.objects.filter(owner=self.instance.owner_id).exclude(pk=self.instance.pk)
        same = (other for other in taken.values_list("name", flat=True) if other.casefold() == name.casefold())
        if (other := next(same, None)) is not None:
            raise ValidationError(self._taken(other))
        return name

    def keep(self) -> bool:
        """Saves; False, with the reason as an error, where the same name was saved in the very same moment."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("name", self._taken(self.cleaned_data["name"]))
            return False
        return True

    def _taken(self, name: str) -> str:
        return f"You already have a view named {isolated(name)}."
