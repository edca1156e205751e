"""Places of searched words in what somebody wrote, and the lines shown for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.search.marking import _tokens, spans
from interactions.search.snippets import holds, marked_each, pieces
from interactions.search.text import normalise
from interactions.search.words import parse, terms


def marked(text, typed):
    return [text[start:end] for start, end in spans(text, tuple(terms(parse(typed))))]


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Where is my Crème brûlée?", "creme brulee*", ["Crème", "brûlée"]),
        ("Refund, refunds, REFUNDED!", "refund*", ["Refund", "refunds", "REFUNDED"]),
        ("Refund, refunds", "refund", ["Refund"]),
        ("the third-time, third time", '"third time"', ["third-time", "third time"]),
        ("third, no third time", '"third time"', ["third time"]),
        ("don't do that", '"don\'t do"', ["don't do"]),
        ("我的iPhone坏了，退款", "退款 iphone", ["iPhone", "退款"]),
        ("مُحَمَّد كتـــاب", "محمد كتاب", ["مُحَمَّد", "كتـــاب"]),
        ("हिन्दी में बात", "हिन्दी", ["हिन्दी"]),
        ("สวัสดีครับ", "ดี", ["ดี"]),
        ("ガード ｶﾞｰﾄﾞ", "ガー", ["ガー", "ｶﾞｰ"]),
        ("soft\u00adhyphen", "softhyphen", ["soft\u00adhyphen"]),
        ("½ x² 1️⃣", "2 x2", ["½", "x²"]),
        ("a b a b a", '"a b a"', ["a b a b a"]),
        ("here it is", "-here it", ["it"]),
        ("nothing of it", "else", []),
        ("", "a", []),
    ],
)
def test_marks_what_was_written(text, typed, found):
    assert marked(text, typed) == found


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60), st.text(max_size=20))
def test_marks_lie_in_the_text_and_do_not_overlap(text, typed):
    places = spans(text, tuple(terms(parse(typed))))
    ends = [end for place in places for end in place]
    assert ends == sorted(ends) and all(0 <= end <= len(text) for end in ends)
    assert all(start < end for start, end in places)


_words = st.lists(st.sampled_from(["a", "A1", "ab", "aB", "b", "a.b", "-", "_"]), max_size=12).map(" ".join)
_typed = st.lists(st.sampled_from(["a", "ab*", "a*", '"a b"', '"a a"', '"a ab"*', "b", "é"]), max_size=3).map(" ".join)


@given(_words, _typed)
def test_marks_ascii_as_it_marks_every_other_text(text, typed):
    wanted = tuple(terms(parse(typed)))
    assert spans(text, wanted) == [place for place in spans(f"{text} é", wanted) if place[0] < len(text)]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=60))
def test_sees_the_words_that_the_index_holds(text):
    assert [token.text for token in _tokens(text)] == normalise(text).split()


def shown(text, typed, length=60):
    made = pieces(text, tuple(terms(parse(typed))), length)
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in made)


def test_shows_a_short_line_whole():
    assert shown("Where is my refund?\nI ask", "refund") == "Where is my [refund]? I ask"


def test_cuts_a_long_line_between_words_around_the_first_match():
    line = " ".join(f"w{n}" for n in range(100)).replace("w50", "refund")
    cut = shown(line, "refund")
    assert cut.startswith("…w") and cut.endswith("…") and "[refund]" in cut
    assert len(cut) <= 60 + 4 and set(cut.strip("…").replace("[refund]", "refund").split()) <= set(line.split())


def test_cuts_a_line_without_blanks():
    cut = shown("退款" * 500, "退款")
    assert cut.startswith("[退款][退款]") and cut.endswith("]…") and len(cut) < 130
    assert len(shown("x" * 900, "y")) <= 62


@pytest.mark.parametrize(
    ("texts", "typed", "found"),
    [
        (["Red", "shelf", "red"], '"red shelf"', ["[Red]", "[shelf]", "red"]),
        (["", "a red shelf", ""], "shelf", ["", "a red [shelf]", ""]),
        (["re", "fund"], "refund", ["re", "fund"]),
        ([], "refund", []),
    ],
)
def test_marks_phrases_that_reach_from_one_text_into_the_next(texts, typed, found):
    made = marked_each(texts, tuple(terms(parse(typed))))
    shown = ["".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in each) for each in made]
    assert shown == found


@pytest.mark.parametrize(("text", "is_held"), [("a red shelf", True), ("Shelf", True), ("ﬁne shelves", False)])
def test_tells_whether_a_line_holds_some_of_the_words(text, is_held):
    assert holds(text, tuple(terms(parse("shelf OR red")))) is is_held
