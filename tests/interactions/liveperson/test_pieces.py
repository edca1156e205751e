"""Records cut out of an answer as bytes: the same as decoding it whole, or not cut at all."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.liveperson import Answer, StoredRecord, UnexpectedResponse
from interactions.liveperson.pages import page_of, records_of
from interactions.liveperson.pieces import cut
from interactions.liveperson.records import parse_conversation

HEAD = {"count": 3, "shardsStatusResult": {"partialResult": False}}
ONE, TWO = {"info": {"conversationId": "one"}, "messageRecords": []}, {"info": {"conversationId": "two"}}


def body(*records, **more):
    return orjson.dumps({"_metadata": HEAD, **more, "conversationHistoryRecords": list(records)})


def page(given, **options):
    return page_of(Answer(200, body=given), "/search", offset=0, **options)


def test_cuts_records_as_they_came():
    found = cut(body(ONE, TWO))
    assert found.envelope == {"_metadata": HEAD, "conversationHistoryRecords": []}
    assert found.records == [orjson.dumps(ONE), orjson.dumps(TWO)]


# What could look like a border between two records: in lists within one, and in words.
TRAPS = st.sampled_from(
    [
        [{"info": 1}, {"info": {"info": []}}],
        '},{"info":{',
        {"conversationHistoryRecords": [{"info": {"conversationId": "inner"}}]},
        "]}",
        [[{"info": "a"}, {"info": "b"}], {"x": [{"info": 1}, {"info": 2}]}],
    ]
)
JSON = st.recursive(
    TRAPS | st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8), st.lists, max_leaves=6
)
RECORDS = st.lists(
    st.builds(
        lambda info, more: {"info": info, **more},
        st.dictionaries(st.sampled_from(["conversationId", "info", "x"]), JSON, max_size=3),
        st.dictionaries(st.sampled_from(["messageRecords", "transfers", "info2", "sdes"]), JSON, max_size=3),
    ),
    max_size=4,
)


@given(RECORDS)
def test_reads_what_decoding_the_whole_reads(records):
    assert page(body(*records)).records == tuple(parse_conversation(record) for record in records)


@pytest.mark.parametrize(
    "given",
    [
        json.dumps({"_metadata": HEAD, "conversationHistoryRecords": [ONE, TWO]}).encode(),
        orjson.dumps({"conversationHistoryRecords": [ONE, TWO], "_metadata": HEAD}),
        orjson.dumps({"_metadata": HEAD, "conversationHistoryRecords": [ONE, TWO], "more": 1}),
        body({"messageRecords": [], **ONE}, TWO),
        body(ONE, TWO) + b"\n",
        body(ONE, TWO, _trap=[{"conversationHistoryRecords": [{"info": 1}]}]),
    ],
    ids=["blanks", "head last", "more after it", "info not first", "newline", "another list of that name"],
)
def test_decodes_whole_what_has_another_form(given):
    assert page(given).records == (parse_conversation(json.loads(given)["conversationHistoryRecords"][0]),) + (
        parse_conversation(TWO),
    )


@pytest.mark.parametrize("end", [3, 60, 90, -1, -3])
def test_never_takes_an_answer_that_ends_too_early(end):
    with pytest.raises(UnexpectedResponse):
        page(body(ONE, TWO)[:end])


def test_does_not_decode_what_is_known():
    known = StoredRecord("one", b"digest", orjson.dumps(ONE))
    found = page(body(ONE, TWO), known=lambda pieces: [known if piece == known.encoded else None for piece in pieces])
    assert (found.stored, found.length, found.count) == ((known,), 2, 3)
    assert found.records == (parse_conversation(TWO),)
    assert known.read() == parse_conversation(ONE)


def test_puts_known_ones_aside_too():
    known = StoredRecord("one", b"digest", orjson.dumps(ONE))
    found = page(body(ONE), known=lambda pieces: [known]).put_aside("too large")
    assert (found.stored, [record.unread for record in found.records]) == ((), ["too large"])


def test_recognises_nothing_where_records_are_asked_for_by_id():
    assert len(records_of(Answer(200, body=body(ONE, TWO)), "/conversation/search")) == 2
