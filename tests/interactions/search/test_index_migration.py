"""The full-text index made anew by a migration, over what is stored already."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from interactions.models import Conversation, TranscriptText
from tests import factories

from .conftest import asked
from .saying import store

lean_prefixes = import_module("interactions.migrations.0009_lean_prefixes")
WORDS = ("refund", "parcel", "voucher", "invoice", "bookcase")


def found(query, user):
    return set(asked(f"q={query}").filtered(user).values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [1, 2, 5, 100])
def test_holds_every_transcript_after_it_was_made_anew(step, monkeypatch):
    analyst = factories.user("analyst")
    made = {word: factories.conversation() for word in WORDS}
    for word, row in made.items():
        store(row, {"consumer": [f"about the {word}"]})
    monkeypatch.setattr(lean_prefixes, "STEP", step)
    with connection.schema_editor(atomic=False) as editor:
        lean_prefixes.full(apps, editor)
        lean_prefixes.lean(apps, editor)
    for word, row in made.items():
        assert found(word, analyst) == found(f"{word[:4]}*", analyst) == {row.pk}
    # The triggers still follow what is deleted and added.
    TranscriptText.objects.filter(conversation=made["refund"]).delete()
    store(made["refund"], {"consumer": ["a lamp"]})
    assert (found("refund", analyst), found("lamp", analyst)) == (set(), {made["refund"].pk})
    assert Conversation.objects.count() == len(WORDS)
