import json

import pytest

from interactions.liveperson import decode, encode


@pytest.mark.parametrize(
    "body, expected",
    [
        (b'{"a": 1}', {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        (b'"\\ud800"', "\ud800"),
        (b"[Infinity, -Infinity]", [float("inf"), float("-inf")]),
        (b'\xef\xbb\xbf{"a": "\xff"}', {"a": "\ufffd"}),
        (b"[NaN, " + b"9" * 5000 + b", -" + b"9" * 5000 + b"]", None),
    ],
)
def test_decodes_what_strict_decoders_refuse(body, expected):
    found = decode(body)
    assert found == expected or (expected is None and found[1:] == [float("inf"), float("-inf")])


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": ', b"[" * 100_000])
def test_says_when_it_is_not_json(body):
    with pytest.raises(ValueError):
        decode(body)


@pytest.mark.parametrize("value", [{"a": "é\n"}, ["\ud800"], [2**70], [], {}, None])
def test_encodes_what_it_decodes(value):
    assert json.loads(encode(value)) == value


def test_encodes_deeper_than_the_encoders_do():
    depth = 5000
    value = inner = []
    for number in range(depth):
        inner += [{"a": number, "b": []}]
        inner = inner[0]["b"]
    text = encode(value)
    assert text.startswith(b'[{"a":0,"b":[{"a":1,"b":[')
    assert text.endswith(b"]}]}]") and text.count(b"{") == depth
