"""What makes two tags the same, and what becomes of tags that were two."""

import unicodedata
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from interactions.models import Tag, Tagging, tag_key, tag_name
from tests import factories

rekeying = import_module("interactions.migrations.0015_tag_keys")

THEN = datetime(2026, 1, 1, tzinfo=UTC)
MARKS = ("", "\u0301", "\u0345", "\u0307", "\u0308\u0301", "\u0327")
LETTERS = [chr(code) for code in range(0x20, 0x20000) if unicodedata.category(chr(code)) not in {"Cn", "Co", "Cs"}]
CASED = [c for c in LETTERS if c.casefold() != c or unicodedata.decomposition(c)]


def test_gives_the_key_of_a_key_as_it_is() -> None:
    keys = {tag_key(f"a{letter}{mark}") for letter in CASED for mark in MARKS}
    assert [key for key in keys if tag_key(key) != key] == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_gives_one_key_however_a_letter_is_written(form) -> None:
    for letter in CASED:
        written = {letter, letter.casefold(), unicodedata.normalize(form, letter)}
        assert len({tag_key(f"a{each}") for each in written}) == 1, ascii(letter)


def test_needs_no_more_room_than_a_key_has() -> None:
    assert max(len(tag_key(letter)) / max(1, len(tag_name(letter))) for letter in LETTERS) <= 3


def old_tag(name: str, key: str) -> Tag:
    return Tag.objects.create(name=name, key=key)


def put(tag: Tag, *conversations, days: int = 0) -> None:
    for conversation in conversations:
        Tagging.objects.create(conversation=conversation, tag=tag, tagged_at=THEN + timedelta(days))


def rekey() -> None:
    with connection.schema_editor() as editor:
        rekeying.rekey(apps, editor)


@pytest.mark.django_db(transaction=True)
def test_gives_stored_tags_the_keys_of_today() -> None:
    name = "\u0390x"
    old = old_tag(name, name.casefold())
    other = old_tag("VIP", "vip")
    assert old.key != tag_key(name)
    for _ in range(2):
        rekey()
        assert dict(Tag.objects.values_list("pk", "key")) == {old.pk: tag_key(name), other.pk: "vip"}


@pytest.mark.django_db(transaction=True)
def test_makes_one_tag_of_two_with_the_same_key() -> None:
    one, two, three, four = (factories.conversation() for _ in range(4))
    first, second = old_tag("\u0390", "\u03b9\u0308\u0301"), old_tag("\u03b9\u0308\u0301", "\u0390")
    put(first, one, two)
    put(first, four, days=2)
    put(second, two, three, days=1)
    put(second, four, days=1)
    rekey()
    assert Tag.objects.get() == first and Tag.objects.get().key == "\u0390"
    dates = {one.pk: 0, two.pk: 0, three.pk: 1, four.pk: 1}
    found = {pk: (at - THEN).days for pk, at in Tagging.objects.values_list("conversation", "tagged_at")}
    assert found == dates and Tagging.objects.count() == 4
    assert not Tagging.objects.exclude(tag=first).exists()


@pytest.mark.django_db(transaction=True)
def test_swaps_keys_that_stand_in_each_others_way() -> None:
    tags = [old_tag("a", "b"), old_tag("b", "a")]
    rekey()
    assert list(Tag.objects.order_by("pk").values_list("key", flat=True)) == ["a", "b"]
    assert [tag.pk for tag in tags] == list(Tag.objects.order_by("pk").values_list("pk", flat=True))


def test_copies_today_s_rule() -> None:
    assert all(rekeying.key_of(letter) == tag_key(letter) for letter in CASED)
