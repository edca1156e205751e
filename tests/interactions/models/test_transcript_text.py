"""The full-text index follows the rows of TranscriptText on both databases."""

import pytest
from django.db import connection

from interactions.models import TranscriptText
from interactions.search.text import normalise, parts
from tests import factories

pytestmark = pytest.mark.django_db


def found(column, words):
    """Primary keys of the rows whose `column` holds `words` side by side."""
    asked = normalise(words)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sql = "SELECT rowid FROM interactions_transcriptindex WHERE interactions_transcriptindex MATCH %s"
            cursor.execute(sql, [f'{column} : "{asked}"'])
        else:
            sql = f"SELECT id FROM interactions_transcripttext WHERE {column}_tsv @@ phraseto_tsquery('simple', %s)"
            cursor.execute(sql, [asked])
        return {row[0] for row in cursor.fetchall()}


def index(**columns):
    """Stores texts as the import does, and gives the row's key."""
    made = factories.conversation()
    (part,) = parts({name: normalise(text) for name, text in columns.items()})
    return TranscriptText.objects.create(conversation=made, **part).pk


LANGUAGES = [
    ("Where is my ORDER 5520?", "order 5520"),
    ("La crème brûlée est arrivée", "CREME BRULEE"),
    ("Die Straße ist gesperrt", "strasse"),
    ("我的订单在哪里？", "订单"),
    ("注文した商品が届きません", "商品が届き"),
    ("สินค้ายังไม่มาถึง", "ยังไม่"),
    ("배송이 아직 안 왔어요", "아직"),
    ("طلبي لم يصلْ بعد", "يصل"),
    ("ההזמנה שלי לא הגיעה", "לא הגיעה"),
    ("मेरा ऑर्डर कहाँ है", "ऑर्डर कहाँ"),
    ("ការបញ្ជាទិញរបស់ខ្ញុំ", "បញ្ជា"),
]


@pytest.mark.parametrize(("text", "words"), LANGUAGES)
def test_finds_words_of_every_script(text, words):
    pk = index(consumer=text)
    index(consumer="something else entirely")
    assert found("consumer", words) == {pk}
    assert found("agent", words) == set()


def test_finds_words_only_side_by_side():
    index(consumer="late and never again on time")
    assert found("consumer", "late again") == set()
    assert found("consumer", "订 单") == set()


@pytest.mark.parametrize("column", ["consumer", "agent", "bot", "note", "comment"])
def test_keeps_every_kind_of_speaker_apart(column):
    pk = index(**{column: "parcel"})
    for other in ("consumer", "agent", "bot", "note", "comment"):
        assert found(other, "parcel") == ({pk} if other == column else set())


def test_forgets_words_that_were_changed():
    pk = index(consumer="first words", agent="answer")
    TranscriptText.objects.filter(pk=pk).update(consumer=normalise("second thoughts"))
    assert found("consumer", "first") == set()
    assert found("consumer", "second thoughts") == {pk}
    assert found("agent", "answer") == {pk}


def test_forgets_rows_that_were_deleted():
    kept, gone = index(consumer="parcel"), index(consumer="parcel")
    TranscriptText.objects.filter(pk=gone).delete()
    assert found("consumer", "parcel") == {kept}


def test_forgets_the_words_of_a_deleted_conversation():
    pk = index(consumer="parcel")
    TranscriptText.objects.get(pk=pk).conversation.delete()
    assert found("consumer", "parcel") == set()


def test_follows_rows_that_are_written_in_bulk():
    made = [factories.conversation() for _ in range(3)]
    rows = [TranscriptText(conversation=each, consumer=f"parcel {n}") for n, each in enumerate(made)]
    TranscriptText.objects.bulk_create(rows)
    fresh = [TranscriptText(conversation=each, consumer=f"letter {n}") for n, each in enumerate(made)]
    TranscriptText.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["conversation", "part"], update_fields=["consumer"]
    )
    assert found("consumer", "parcel") == set()
    assert len(found("consumer", "letter")) == 3
    assert is_sound()


def is_sound():
    """Whether the index holds exactly the words of the table (FTS5 can tell; PostgreSQL's columns are generated)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO interactions_transcriptindex(interactions_transcriptindex, rank) "
                "VALUES ('integrity-check', 1)"
            )
    return True


def test_indexes_the_largest_part_that_there_can_be():
    text = normalise(" ".join(f"w{n}" + "x" * 190 for n in range(4000)))
    made = factories.conversation()
    rows = [TranscriptText(conversation=made, part=n, **part) for n, part in enumerate(parts({"consumer": text}))]
    TranscriptText.objects.bulk_create(rows)
    assert len(rows) > 1
    assert len(found("consumer", "w3999" + "x" * 190)) == 1


def test_indexes_the_longest_part_to_its_last_word():
    words = [f"w{n}" for n in range(13_000)]
    made = factories.conversation()
    rows = [
        TranscriptText(conversation=made, part=n, **part) for n, part in enumerate(parts({"agent": " ".join(words)}))
    ]
    TranscriptText.objects.bulk_create(rows)
    for pair in ("w0 w1", "w11998 w11999", "w12998 w12999"):
        assert len(found("agent", pair)) == 1
