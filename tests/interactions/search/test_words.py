"""What is typed into the search field, as a tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.search.text import BOUNDARY
from interactions.search.words import All, Any, Not, Term, parse, signs, terms


def word(text, *, is_prefix=False):
    return Term(tuple(text.split()), is_prefix)


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("refund late", All((word("refund"), word("late")))),
        ("Refund  REFUND", word("refund")),
        ('"third time"', word("third time")),
        ("“third time” „here”", All((word("third time"), word("here")))),
        ("refund*", word("refund", is_prefix=True)),
        ('"money ba"*', word("money ba", is_prefix=True)),
        ("a OR b", Any((A, B))),
        ("a or b", All((A, word("or"), B))),
        ("a|b", Any((A, B))),
        ("a b OR c", All((A, Any((B, C))))),
        ("a OR b OR c", Any((A, B, C))),
        ("a AND b & c", All((A, B, C))),
        ("-a", Not(A)),
        ("a -b", All((A, Not(B)))),
        ("a NOT b", All((A, Not(B)))),
        ("a - b", All((A, B))),
        *((f"a {minus}b", All((A, Not(B)))) for minus in "‐‑‒–−﹣－"),
        *((f"a {minus}(b c)", All((A, Not(All((B, C)))))) for minus in "–−"),
        ("a – b", All((A, B))),
        ("a —b", All((A, B))),
        ("a–b", word("a b")),
        ("--a", A),
        ("––a", A),
        ("NOT -a", A),
        ('-"a b" c', All((Not(word("a b")), C))),
        ("a -(b OR c)", All((A, Not(Any((B, C)))))),
        ("(a OR b) (c)", All((Any((A, B)), C))),
        ("((a) b) c", All((A, B, C))),
        ("NOT (a b)", Not(All((A, B)))),
        ("a OR -b", Any((A, Not(B)))),
        ("e-mail", word("e mail")),
        ("don't", word("don t")),
        ("我的iPhone", word("我 的 iphone")),
        ('parcel" refund label', All((word("parcel"), word("refund"), word("label")))),
        ('32" tv "late parcel"', All((word("32"), word("tv"), word("late parcel")))),
        ('דו"ח חסר צה"ל', All((word("דו ח"), word("חסר"), word("צה ל")))),
        ('5"x7', word("5 x7")),
        ('late OR"out of"', Any((word("late"), word("out of")))),
        ('我要"退款 申请"', All((word("我 要"), word("退 款 申 请")))),
        ('("a b" c)"a b"', All((word("a b"), C))),
        ("मुंबई مُحَمَّد", All((word("मुंबई"), word("محمد")))),
    ],
)
def test_understands(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"open end', word("open end")),
        ('a "', A),
        ("(a", A),
        ("a)", A),
        ("a OR", A),
        ("OR a", A),
        ("a OR OR b", Any((A, B))),
        ("a OR !!! b", All((A, B))),
        ("NOT", None),
        ("-", None),
        ("*", None),
        ("() (", None),
        ('""', None),
        ("!!! 👍", None),
        (BOUNDARY, None),
        (f"{BOUNDARY}* a", A),
        ("", None),
    ],
)
def test_passes_over_what_is_left_open_or_says_nothing(text, tree):
    assert parse(text) == tree


def test_a_row_of_brackets_does_no_harm():
    assert parse("(" * 5000 + "a" + ")" * 20) == A
    assert parse("-(" * 51 + "a") == Not(A)


@given(st.text(st.characters(codec=None, exclude_categories=())), st.text(alphabet='ab "()-*|ORNT', max_size=40))
def test_takes_anything_that_is_typed(anything, likely):
    parse(anything)
    tree = parse(likely)
    every = {*terms(tree), *terms(tree, wanted=False)}
    assert all(term.tokens and all(token.isalnum() for token in term.tokens) for term in every)


def test_tells_what_may_be_there_from_what_must_not():
    tree = parse("a -b (c OR -d)")
    assert list(terms(tree)) == [A, C]
    assert list(terms(tree, wanted=False)) == [B, word("d")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("merci 👍", ["👍"]),
        ("👍 merci👍 👨‍👩‍👧 🇫🇷 ☎️", ["👍", "👨‍👩‍👧", "🇫🇷", "☎️"]),
        ("c++ <3 5€", ["++", "<", "€"]),
        ('a | b + c & d - e, f! (g) "h" i*', []),
        ("", []),
    ],
)
def test_names_the_signs_that_nobody_can_search_for(text, expected):
    assert signs(text) == expected


@given(st.text())
def test_names_signs_of_whatever_is_typed(text):
    assert all(sign in text for sign in signs(text))
