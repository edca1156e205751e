"""Notes on messages that LivePerson gave no id: they move along where our own id for one changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from interactions.ingest.derive import UNNAMED, Derived
from interactions.models import Message, Note

# What a message is known by without its id: dialog, instant, kind, words.
_Trait = tuple[int, int | None, str, str]


def carry_notes(changed: Sequence[tuple[int, Derived]]) -> None:
    """Before the messages of these conversations are written anew; a note whose message is gone stays as it is."""
    derived = dict(changed)
    notes: dict[int, list[Note]] = defaultdict(list)
    for note in Note.objects.filter(conversation__in=list(derived), message_id__startswith=UNNAMED):
        notes[note.conversation_id].append(note)
    for pk, noted in notes.items():
        new = _new_ids(pk, derived[pk])
        for note in noted:
            ident = new.get(note.message_id, note.message_id)
            if ident != note.message_id:
                Note.objects.filter(pk=note.pk).update(message_id=ident)


def _new_ids(pk: int, derived: Derived) -> Mapping[str, str]:
    """The id of before to that of today, of messages alike the first to the first."""
    rows = Message.objects.of(pk).values_list("message_id", "dialog", "sent_at", "type", "text")
    before = _by_trait((ident, (dialog, _ms(at), kind, text)) for ident, dialog, at, kind, text in rows)
    after = _by_trait((row.message_id, (row.dialog, row.sent_ms, row.type, row.text)) for row in derived.messages)
    pairs = (zip(idents, after.get(trait, ()), strict=False) for trait, idents in before.items())
    return {old: new for each in pairs for old, new in each if old.startswith(UNNAMED)}


def _by_trait(found: Iterable[tuple[str, _Trait]]) -> Mapping[_Trait, list[str]]:
    by_trait: dict[_Trait, list[str]] = defaultdict(list)
    for ident, trait in found:
        by_trait[trait].append(ident)
    return by_trait


def _ms(at: datetime | None) -> int | None:
    return None if at is None else round(at.timestamp() * 1000)
