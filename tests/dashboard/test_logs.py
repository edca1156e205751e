"""Log lines: one event with its fields, in both forms; nothing in them that is somebody's own."""

import ast
import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard import logs
from tests.conftest import Logged

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = "what somebody wrote"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def line(form: str, *, traceback: bool = False, **extra: Any) -> str:
    given = logs.configuration(form, "INFO")["formatters"]["event"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(given.pop("()")(**given))
    logger = logging.Logger("interactions.some.place")
    logger.addHandler(handler)
    try:
        _fail(WORDS)
    except ValueError:
        logger.error("window broke off", exc_info=traceback, extra=extra)
    return written.getvalue()


def _fail(words: str) -> None:
    try:
        raise KeyError(words)
    except KeyError as error:
        raise ValueError(f"a row with {words}") from error


def test_writes_words_with_their_fields() -> None:
    written = line("line", window=7, reason="two words")
    assert written.count("\n") == 1
    for part in ("[error]", "window broke off", "interactions.some.place", "window=7", "reason='two words'"):
        assert part in written


def test_writes_one_json_object_a_line() -> None:
    found = json.loads(line("json", window=7))
    assert found.pop("timestamp").endswith("Z")
    assert found == {"level": "error", "logger": "interactions.some.place", "event": "window broke off", "window": 7}


@pytest.mark.parametrize("form", logs.FORMS)
def test_leaves_out_what_is_not_on_the_list(form: str) -> None:
    assert "secret" not in line(form, request="/conversations/?q=secret", status_code=400)


@pytest.mark.parametrize("form", logs.FORMS)
def test_writes_a_traceback_without_what_errors_say(form: str) -> None:
    written = line(form, traceback=True)
    assert "ValueError" in written and "KeyError" in written and written.count("test_logs.py") == 3
    assert WORDS not in written


def _logs(name: ast.expr) -> bool:
    is_of_logger = isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name)
    return is_of_logger and name.value.id in ("logger", "log") and name.attr in LEVELS


def _calls() -> list[tuple[str, ast.Call]]:
    files = [path for place in ("dashboard", "interactions") for path in (ROOT / place).rglob("*.py")]
    found = []
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _logs(node.func):
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node))
    return found


def test_every_event_has_one_wording_and_brings_the_rest_as_fields() -> None:
    calls = _calls()
    assert len(calls) > 15
    for place, call in calls:
        assert len(call.args) == 1 and isinstance(call.args[0], ast.Constant), place


def test_every_field_that_the_code_brings_is_written() -> None:
    brought = {
        key.value
        for _, call in _calls()
        for keyword in call.keywords
        if keyword.arg == "extra"
        for node in ast.walk(keyword.value)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert len(brought) > 8
    assert brought <= set(logs.FIELDS)


def test_writes_nothing_of_what_somebody_searched_for(client: Client, logged: Logged, db: None) -> None:
    client.get("/conversations/?q=secret")
    client.get("/nowhere/?q=secret")
    assert "secret" not in str(logged())
