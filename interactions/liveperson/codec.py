"""JSON to and from bytes: fast, and without losing what strict decoders refuse."""

import json
import math

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


def encode(value: object) -> bytes:
    """Encode what `decode` gave, whatever strange values it holds."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()
