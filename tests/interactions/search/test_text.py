"""The normaliser that indexing and asking share."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.search.text import BOUNDARY, LONGEST_TOKEN, MOST_BYTES, MOST_TOKENS, normalise, parts

# Every code point, lone surrogates included.
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)

SAMPLES = [
    ("Where is my ORDER?!", "where is my order"),
    ("Crème brûlée, Élise", "creme brulee elise"),
    ("Straße", "strasse"),
    ("İstanbul ISPARTA", "istanbul isparta"),
    ("ＦＵＬＬ　ｗｉｄｔｈ１２３", "full width123"),
    ("ﬁnance ½ x²", "finance 1 2 x2"),
    ("don't e-mail a_b", "don t e mail a b"),
    ("order 5520-AB", "order 5520 ab"),
    ("٣٤ ๑๒", "34 12"),
    ("thanks 👍🏽 1️⃣ 👩‍👩‍👧 ok", "thanks 1 ok"),
    ("배송이 늦어요", "배송이 늦어요"),
    ("注文した商品", "注 文 し た 商 品"),
    ("ガード ｶﾞｰﾄﾞ", "ガ ー ド ガ ー ド"),
    ("我的iPhone坏了", "我 的 iphone 坏 了"),
    ("สวัสดี", "ส วั ส ดี"),
    ("ສະບາຍ", "ສ ະ ບ າ ຍ"),
    ("ភាសា", "ភា សា"),
    ("မြန်မာ", "မြ န် မာ"),
    ("مُحَمَّد كتـــاب", "محمد كتاب"),
    ("שָׁלוֹם", "שלום"),
    ("हिन्दी में", "हिन्दी में"),
    ("Ёлка", "елка"),
    ("Cœur Søren Ærø Łódź đăng þorn ıı", "coeur soren aero lodz dang thorn ii"),
    ("soft\u00adhyphen zero\u200bwidth می\u200cخواهم", "softhyphen zero width میخواهم"),
    ("a\x00b \ud800 c", "a b c"),
    ("", ""),
    (" \n\t ", ""),
]


@pytest.mark.parametrize(("text", "expected"), SAMPLES)
def test_normalises(text, expected):
    assert normalise(text) == expected


@given(ANYTHING)
def test_changes_nothing_the_second_time(text):
    assert normalise(normalise(text)) == normalise(text)


@given(ANYTHING)
def test_leaves_only_letters_digits_marks_and_single_spaces(text):
    result = normalise(text)
    assert all(unicodedata.category(c)[0] in "LNM" for c in result.replace(" ", ""))
    assert result == " ".join(result.split())


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=60))
def test_takes_upper_case_for_lower_case(text):
    assert normalise(text.casefold()) == normalise(text)


def test_knows_what_to_do_with_every_character():
    for first in (*range(0, 0x33000, 0x1000), 0xE0000, 0xF0000):  # the planes between are empty
        block = " a".join(chr(code) for code in range(first, first + 0x1000))
        once = normalise(block)
        assert normalise(once) == once
        once.encode()


def test_cuts_what_is_no_word():
    assert normalise("x" * 5000) == "x" * LONGEST_TOKEN


def test_keeps_a_usual_transcript_in_one_part():
    assert parts({"consumer": "where is it", "agent": ""}) == [{"consumer": "where is it", "agent": ""}]


def test_makes_no_part_of_nothing():
    assert parts({"consumer": "", "agent": ""}) == []
    assert parts({}) == []


def test_cuts_a_long_transcript_without_losing_a_word():
    words = [f"w{n}" for n in range(2 * MOST_TOKENS + 5)]
    made = parts({"consumer": " ".join(words), "agent": "short"})
    assert [len(part["consumer"].split()) for part in made] == [MOST_TOKENS, MOST_TOKENS, 5]
    assert [part["agent"] for part in made] == ["short", "", ""]
    assert " ".join(part["consumer"] for part in made).split() == words


def test_cuts_between_two_messages_where_it_can():
    message = " ".join(["word"] * 100)
    [first, second] = parts({"consumer": f" {BOUNDARY} ".join([message] * 3)})
    assert first["consumer"] == f"{message} {BOUNDARY} {message}"
    assert second["consumer"] == f"{BOUNDARY} {message}"


def test_cuts_by_size_as_well():
    made = parts({"bot": " ".join(["\U00020000" * LONGEST_TOKEN] * 1000)})
    assert len(made) == 4
    assert all(len(part["bot"].encode()) <= MOST_BYTES for part in made)
