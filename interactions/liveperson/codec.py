"""JSON to and from bytes: fast, and without losing what strict decoders refuse."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass

import orjson


def decode(body: bytes | str) -> object:
    """Decode one JSON document.

    Lone surrogates, NaN, huge numbers and broken UTF-8 are let through for the records to judge.
    Raises ValueError when the document is no JSON at all, or nested beyond reading.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        text = body if isinstance(body, str) else body.decode("utf-8-sig", errors="replace")
    try:
        return json.loads(text, parse_int=_whole_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _whole_number(digits: str) -> int | float:
    # Python refuses to read numbers of more than 4,300 digits; none of them means anything here.
    return int(digits) if len(digits) < 1000 else -math.inf if digits.startswith("-") else math.inf


def decode_strictly(body: bytes | str) -> object:
    """Decode what is JSON to the letter; ValueError otherwise."""
    return orjson.loads(body)


def encode_strictly(value: object) -> bytes | None:
    """The fast encoding, or None when the value holds something that it refuses; NaN becomes null."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return None


def encode(value: object) -> bytes:
    """Encode what `decode` gave, whatever strange values it holds."""
    strict = encode_strictly(value)
    if strict is not None:
        return strict
    try:
        return json.dumps(value, separators=(",", ":")).encode()
    except RecursionError:
        return b"".join(_encode_deep(value))


def _encode_deep(value: object) -> Iterator[bytes]:
    # The decoders read deeper than the encoders write; here the pieces still to be written wait in a list.
    waiting: list[object] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Written):
            yield item.text
        elif isinstance(item, dict):
            pairs = [(_Written(json.dumps(key).encode() + b":"), each) for key, each in item.items()]
            waiting += _reversed_list(b"{", pairs, b"}")
        elif isinstance(item, list):
            waiting += _reversed_list(b"[", [(_Written(b""), each) for each in item], b"]")
        else:
            yield json.dumps(item).encode()


@dataclass(frozen=True, slots=True)
class _Written:
    text: bytes


def _reversed_list(opening: bytes, pairs: list[tuple[_Written, object]], closing: bytes) -> list[object]:
    pieces: list[object] = [_Written(opening)]
    for index, (label, item) in enumerate(pairs):
        pieces += [_Written((b"," if index else b"") + label.text), item]
    return [*pieces, _Written(closing)][::-1]
