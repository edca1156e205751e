"""The ledger itself: it finds nothing after a good import, and each kind of damage when it is done by hand."""

import pytest

from interactions.models import Conversation, Message, RawRecord, SyncWindow
from tests.ledger import compare, stored, went_back

pytestmark = pytest.mark.django_db


def test_finds_nothing_after_an_import(importer_of):
    importer = importer_of(300)
    importer.run()
    assert len(importer.served.versions.ids()) == 300
    assert compare(importer.served.versions) == []


def lose(row):
    Message.objects.of(row.pk).delete()
    RawRecord.objects.filter(pk=row.pk).delete()


def double(row):
    last = Message.objects.of(row.pk).last()
    Message.objects.create(pk=(row.pk + 1_000_000) << 16 | 1, conversation=row, message_id="m", speaker=last.speaker)


def change(row):
    Conversation.objects.filter(pk=row.pk).update(mcs=None, survey="offered", message_count=0)


def reword(row):
    message = Message.objects.of(row.pk).exclude(text="").first()
    Message.objects.filter(pk=message.pk).update(text="other words")


@pytest.mark.parametrize(
    ("damage", "word"), [(lose, "LOST"), (double, "DOUBLED"), (change, "WRONG"), (reword, "WRONG")], ids=str
)
def test_finds_damage_done_by_hand(importer, damage, word):
    importer.run()
    damage(Conversation.objects.filter(mcs__gt=0, message_count__gt=2).first())
    found = compare(importer.served.versions)
    assert found
    assert {sentence.split()[0] for sentence in found} == {word}
    assert not any("other words" in sentence for sentence in found)


def changed(importer):
    """A conversation that was read in two versions, and the body of the first."""
    importer.run()
    row = Conversation.objects.select_related("raw").filter(csat=None).latest("started_at")
    first, record = bytes(row.raw.body), next(r for r in importer.account.truth() if is_of(r, row))
    record["info"]["csatRate"] = 4
    importer.account.put(record)
    SyncWindow.objects.all().delete()
    importer.run()
    return row, first


def is_of(record, row):
    return record["info"]["conversationId"] == row.conversation_id


def test_finds_that_an_older_version_is_stored(importer):
    row, first = changed(importer)
    assert compare(importer.served.versions) == []
    before = stored()
    RawRecord.objects.filter(pk=row.pk).update(body=first)
    regressed = f"REGRESSED {row.conversation_id}: an older version is stored."
    assert regressed in compare(importer.served.versions)
    assert went_back(importer.served.versions, before) == [
        f"REGRESSED {row.conversation_id}: a newer version was stored before."
    ]


def test_finds_that_a_conversation_was_never_stored(importer):
    importer.run()
    row = Conversation.objects.first()
    Message.objects.of(row.pk).delete()
    Conversation.objects.filter(pk=row.pk).delete()
    assert compare(importer.served.versions) == [f"LOST {row.conversation_id}: shown, not stored."]
