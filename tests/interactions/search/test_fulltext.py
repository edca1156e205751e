"""The index on the database at hand against plain Python: which conversations hold the words."""

import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.models import Conversation, TranscriptText
from interactions.search import fulltext, matched, stroll
from interactions.search.conditions import Condition, to_q
from interactions.search.fulltext import COLUMNS, Words
from interactions.search.words import parse
from tests import factories

from .conftest import asked
from .saying import matches, store
from .walks import backwards, forwards

pytestmark = pytest.mark.django_db
VOCABULARY = ("refund", "refunds", "late", "third", "time", "第三次", "退款", "เงินคืน", "محمد", "שלום", "हिन्दी", "é")


def said(**messages):
    made = factories.conversation()
    store(made, messages)
    return made


@pytest.fixture
def analyst(db):
    return factories.user("analyst")


@pytest.fixture
def world(db):
    """Forty conversations of few words, four of them long enough to be cut into parts."""
    dice = random.Random(11)
    made = {}
    for number in range(40):
        messages = {
            column: [" ".join(dice.choices(VOCABULARY, k=dice.randint(1, 4))) for _ in range(dice.randint(1, 3))]
            for column in dice.sample(COLUMNS, dice.randint(0, 4))
        }
        if number % 10 == 0:
            filler = " ".join(["filler"] * 200)
            messages["agent"] = [" ".join(dice.choices(VOCABULARY, k=2)), filler, filler, dice.choice(VOCABULARY)]
        made[said(**messages)] = messages
    assert TranscriptText.objects.filter(part__gt=0).count() >= 4
    return made


_leaf = st.sampled_from(
    [*VOCABULARY, *[f"{word[:2]}*" for word in VOCABULARY], '"third time"', '"late refund"', '"filler late"', "nowhere"]
)
_typed = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"({text})"),
    ),
    max_leaves=6,
)


@given(_typed, st.sets(st.sampled_from(COLUMNS)))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
def test_finds_what_plain_python_finds(world, analyst, text, chosen):
    columns = tuple(column for column in COLUMNS if column in chosen) or COLUMNS
    rows = asked(f"q={text}" + "".join(f"&said_by={column}" for column in chosen)).filtered(analyst)
    wanted = {made for made, messages in world.items() if matches(parse(text), messages, columns)}
    assert set(rows) == wanted
    assert asked(f"q={text}" + "".join(f"&said_by={column}" for column in chosen)).count(analyst) == len(wanted)


@pytest.fixture(params=[10, 4000])
def sifted(request, monkeypatch):
    """Every word counts as common, and no plan is quick enough; of two limits one is soon reached."""
    monkeypatch.setattr(matched, "within", lambda seconds, ask: None)
    monkeypatch.setattr(fulltext, "RARE", -1)
    monkeypatch.setattr(fulltext, "VERY_RARE", -1)
    monkeypatch.setattr(stroll, "MOST_FOR_WORDS", request.param)
    monkeypatch.setattr(stroll, "MOST_FOR_EACH", 1)
    monkeypatch.setattr(stroll, "_LARGEST_STEP", 7)


@given(_typed, st.sets(st.sampled_from(COLUMNS)), st.sampled_from(["", "&sort=csat"]), st.integers(1, 9))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
def test_walks_the_same_list_however_common_the_words_are(world, analyst, sifted, text, chosen, sort, size):
    query = asked(f"q={text}{sort}" + "".join(f"&said_by={column}" for column in chosen))
    assert (query.matched(analyst).stroll is not None) == (connection.vendor == "sqlite")
    with pytest.MonkeyPatch.context() as usual:
        usual.setattr(fulltext, "RARE", 10**9)
        usual.setattr(fulltext, "VERY_RARE", 10**9)
        wanted = [pk for keys in query.keyset(analyst) for pk in keys]
    assert forwards(query, analyst, size) == wanted
    assert backwards(query, analyst, size) == wanted
    assert [pk for keys in query.keyset(analyst, size) for pk in keys] == wanted
    if wanted:
        beside = query.neighbours(analyst, Conversation.objects.get(pk=wanted[0]))
        assert (beside.previous, beside.next and beside.next.pk) == (None, wanted[1] if wanted[1:] else None)


def test_finds_accents_and_every_script(analyst):
    made = said(consumer=["Où est la Crème brûlée?", "我的退款在哪里", "เงินคืนอยู่ไหน", "أين الطلب", "איפה ההזמנה"])
    said(consumer=["nothing of it"])
    for text in ("creme BRULEE", "退款", '"退款在"', "คืน", "الطلب", "ההזמנה", "cre*", "退*"):
        rows = asked(f"q={text}").filtered(analyst)
        assert list(rows) == [made], text


def test_a_phrase_does_not_reach_from_one_message_into_the_next(analyst):
    said(consumer=["no thank", "you there"])
    made = said(consumer=["no", "thank you"])
    assert list(asked('q="thank you"').filtered(analyst)) == [made]


def test_remembers_where_words_stand_in_a_long_transcript(analyst):
    line = "the parcel and the bill and the rest of the things that the shop said of the order here now"
    made = said(agent=[line] * 700 + ["the very last straw"])
    assert list(asked('q="the very last straw"').filtered(analyst)) == [made]


def test_finds_nothing_where_nothing_is_asked_for(analyst):
    said(consumer=["words"])
    assert not asked("q=!!!").filtered(analyst).exists()


def test_asks_nothing_of_who_said_it_alone(analyst):
    said(consumer=["words"])
    assert asked("said_by=bot").filtered(analyst).count() == Conversation.objects.count() == 1


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=80))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_fails(analyst, text):
    Conversation.objects.filter(to_q([Condition("words", "hold", Words(parse(text)))])).exists()


@pytest.mark.parametrize(
    "text", ["(a OR (b " * 6, "-(a " * 6, "-(a OR -(b " * 3, " ".join(f"w{n}" for n in range(32)), "|".join("abcdefgh")]
)
def test_answers_the_deepest_and_the_most_that_can_be_asked(world, analyst, pace, text):
    query = asked(f"q={text}&sort=csat")
    wanted = {made for made, messages in world.items() if matches(parse(text), messages, COLUMNS)}
    assert set(forwards(query, analyst, 5)) == {made.pk for made in wanted}
    assert query.count(analyst) == len(wanted)


def test_says_in_words_what_is_searched(analyst):
    def words(text):
        return [part.text for part in asked(text).describe(analyst)]

    assert words("q=third time") == ["“third time”"]
    assert words('q="third time" -late') == ['"third time" -late']
    assert words("q=a&said_by=consumer&said_by=agent") == ["“a” said by consumers or agents"]
    assert words("q=a&said_by=bot&said_by=note&said_by=comment") == [
        "“a” said by bots, in private notes or in survey comments"
    ]
    assert words("said_by=bot") == []


def test_takes_a_whole_transcript_away_with_its_words(analyst):
    made = said(consumer=["gone soon"])
    TranscriptText.objects.filter(conversation=made).delete()
    assert not asked("q=soon").filtered(analyst).exists()
