"""Rows that pages read by the hundred, made from what the database gives without a look at each of their fields."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class Loaded(models.Model):
    """A model that hears of no `pre_init` and `post_init` when it is loaded, and sets nothing but its columns.

    Django calls the constructor with all of fifty fields, each by its descriptor: a tenth of a list's time. What is
    deferred stays away, as there (Django's reference, Model.from_db).
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(  # type: ignore[override]  # a newer Django names one thing more, ours does not
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        loaded = cls.__new__(cls)
        state = loaded._state = ModelState()
        state.adding, state.db = False, db
        vars(loaded).update(zip(field_names, values, strict=True))
        return loaded
