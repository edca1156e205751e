"""The order of names: by their letters, whatever their case and accents, as an index of people has them."""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

# Letters of Latin scripts that Unicode does not take apart.
LETTERS = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ø": "o", "œ": "oe", "þ": "th", "ŧ": "t"}
)
# Before every letter and blank: what is longer comes later.
_END = "\x1f"


def ordered(name: str) -> str:
    """What stands for a name where names are compared by code point.

    Names of the same letters stand side by side, and the same one whatever its case is one.
    """
    caseless = name.casefold()
    letters = (each for each in unicodedata.normalize("NFKD", caseless) if not unicodedata.combining(each))
    return "".join(letters).translate(LETTERS) + _END + unicodedata.normalize("NFC", caseless)


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class OrderField(_Text):
    """Holds `ordered` of the row's `name`; kept by save() and bulk_create(), else by `put_in_order`."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = ordered(model_instance.name)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, value)
        return value


def put_in_order(rows: Iterable[models.Model], field: str) -> None:
    """Write the order of rows that were written without: by an update, or an insert of our own."""
    changed = []
    for row in rows:
        if getattr(row, field) != (value := ordered(row.name)):  # type: ignore[attr-defined]
            setattr(row, field, value)
            changed.append(row)
    if changed:
        type(changed[0])._default_manager.bulk_update(changed, [field], batch_size=500)
