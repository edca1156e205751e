"""Mutated and hostile records through import to every page that shows them: each opens, and none brings markup in."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import prepare, write
from interactions.liveperson import parse_conversation
from tests.conftest import ClientFor
from tests.interactions.liveperson.test_hostile_records import SAMPLES, mutated

NOW = datetime.now(UTC)
HOSTILE = (
    '<img src="//evil.example/x" onerror=alert(1)>',
    '"><script>alert(1)</script>',
    "' onmouseover=alert(1) x='",
    "javascript:alert(1)",
    'https://evil.example/"onclick=x',
    "data:text/html,<b>",
    "//evil.example",
    'm-0-1" id="x',
    "{{ 7 }}{% debug %}",
    "%s %(x)s {0}",
    "\u202e\u2066abc",
    "e" + "\u0301" * 300,
)
# What a transcript could name and a browser would then fetch or run.
_LOADING = frozenset({"img", "iframe", "object", "embed", "base", "frame", "style", "video", "audio", "source"})
_LEADING = frozenset({"src", "href", "action", "formaction", "srcset", "poster", "data"})
# Examples share their database: each is another conversation.
_IDENTS = map("hostile-{}".format, count())
_SCHEMES = ("/", "#", "?", "http://", "https://", "mailto:", "tel:")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.brought: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _LOADING or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.brought.append(tag)
        for name, value in attrs:
            where = value or ""
            is_elsewhere = name in _LEADING and (where.startswith("//") or not where.startswith(_SCHEMES))
            if name.startswith("on") or name == "style" or is_elsewhere or (name == "src" and "evil" in where):
                self.brought.append(f"{tag} {name}={where[:60]}")


def _everywhere(value: Any, words: st.DataObject) -> Any:
    """The same record, some of its words hostile ones."""
    if isinstance(value, dict):
        return {key: _everywhere(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_everywhere(each, words) for each in value]
    is_taken = isinstance(value, str) and words.draw(st.integers(0, 3)) == 0
    return words.draw(st.sampled_from(HOSTILE)) if is_taken else value


def _stored(record: Any) -> str:
    automatic = AutomaticTexts([])
    items = prepare([parse_conversation(record)], NOW, automatic)
    with transaction.atomic():
        write(items, automatic)
    return items[0].key


def _check(client: Client, ident: str) -> None:
    for tail in ("", "?q=img+OR+script+OR+parcel", "print", "text", "raw", "new"):
        answer = client.get(f"/conversations/{ident}/{tail}")
        # What cannot be read is kept, and is no conversation.
        assert answer.status_code in (200, 404), (tail, answer.status_code)
        if "html" in answer["Content-Type"]:
            page = _Page()
            page.feed(answer.content.decode())
            assert page.brought == [], tail


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(record=mutated())
def test_opens_what_was_mutated(client_for: ClientFor, admin_user: User, record: dict[str, Any]) -> None:
    ident = next(_IDENTS)
    if isinstance(record.get("info"), dict):
        record["info"]["conversationId"] = ident
    _stored(record)
    _check(client_for(admin_user), ident)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(index=st.integers(0, len(SAMPLES) - 1), words=st.data())
def test_brings_no_markup_in(client_for: ClientFor, admin_user: User, index: int, words: st.DataObject) -> None:
    record = _everywhere(SAMPLES[index], words)
    record["info"] = SAMPLES[index]["info"] | {
        "conversationId": (ident := next(_IDENTS)),
        "source": words.draw(st.sampled_from(HOSTILE)),
    }
    assert _stored(record) == ident
    client = client_for(admin_user)
    assert client.get(f"/conversations/{ident}/").status_code == 200
    _check(client, ident)
