"""The system's Chromium against the whole running product, under the real policy."""

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import servers
from tests.browser.watch import Watch
from tests.environment import clean
from tests.product import ROOT, Product, wait_for

CONVERSATIONS = 200
# Chromium's own calls home would fail in a closed network, many at a time.
QUIET = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-dev-shm-usage"
)
Visit = Callable[..., Page]
Inside = Callable[[str], Any]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """For this package alone: while Playwright runs, Django takes the thread for an asynchronous one."""
    path = servers.chromium()
    if path is None:
        pytest.skip("Chromium is not here")
    # Its sandbox cannot start as root.
    flags = QUIET.split() + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def filled(product: Product) -> Product:
    """The running product once the first conversations are all read."""
    analyst = product.sign_in("analyst")
    wait_for(lambda: product.conversation_count(analyst) >= CONVERSATIONS)
    return product


def sign_in(page: Page, product: Product, username: str) -> None:
    """Through the form that the page shows."""
    page.get_by_label("Name").fill(username)
    page.get_by_label("Password").fill(product.password(username))
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="package")
def signed_in(
    chromium: Browser, filled: Product, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path | None]:
    """The cookies of a person who signed in through the form; None for nobody ("")."""

    @functools.cache
    def cookies(username: str) -> Path | None:
        if not username:
            return None
        page = chromium.new_page()
        page.goto(f"{filled.url}/login/")
        sign_in(page, filled, username)
        page.wait_for_url(lambda url: "/login/" not in url)
        path = tmp_path_factory.mktemp("browser") / "cookies.json"
        page.context.storage_state(path=path)
        page.close()
        return path

    return cookies


@pytest.fixture
def visit(chromium: Browser, filled: Product, signed_in: Callable[[str], Path | None]) -> Iterator[Visit]:
    """Open an address as analyst or `who` (`visit(path, **context)`); at the end nothing may have gone wrong."""
    opened: list[tuple[Page, Watch]] = []

    def go(path: str, *, status: int = 200, who: str = "analyst", refusing: str = "", **context: Any) -> Page:
        """`refusing` is another address, to which a form is sent that is refused on purpose."""
        page = chromium.new_context(base_url=filled.url, storage_state=signed_in(who), **context).new_page()
        watch = Watch(page, urlsplit(filled.url).netloc)
        opened.append((page, watch))
        for refused in (path if status >= 400 else "", refusing):
            watch.expect_refusal(f"{filled.url}{refused}")
        answer = page.goto(path, wait_until="networkidle")
        assert answer and answer.status == status, f"{answer and answer.status}: {filled.said[-3000:]}"
        return page

    yield go
    troubles = [trouble for _, watch in opened for trouble in watch.troubles]
    for page, _ in opened:
        page.context.close()
    assert not troubles, "\n".join(troubles)


_ROWS = """
import zlib
from datetime import timedelta
from django.utils import timezone
from interactions.models import SyncWindow, UnreadableRecord
now = timezone.now()
times = {"first_seen_at": now, "last_seen_at": now}
row = {"planned_at": now, "incomplete_since": now, "not_before": now + timedelta(days=1), "state": "incomplete"}
row |= {"expected_count": 112, "seen_count": 110, "attempt_count": 5}
for days in (3, 9):
    at = now - timedelta(days=days)
    SyncWindow.objects.create(kind="manual", start_from=at - timedelta(hours=12), start_to=at, **row)
for number in range(3):
    body = zlib.compress(b'{"info": {"conversationId": "none-%d"}, "messageRecords": "<b>"}' % number)
    UnreadableRecord.objects.create(key=f"none-{number}", body=body, reason="messageRecords missing", **times)
"""


@pytest.fixture(scope="package")
def troubled(filled: Product, server_parts: dict[str, str]) -> None:
    """Two periods incomplete and three records unreadable in the running product."""
    env = clean(DATA_DIR=str(filled.folder), PORT=str(filled.port), **server_parts)
    subprocess.run([sys.executable, "manage.py", "shell", "-v", "0", "-c", _ROWS], cwd=ROOT, env=env, check=True)


_TOOLS = """
import json
from django.contrib.auth.models import User
from django.utils import timezone
from interactions.models import Conversation, ConversationDetail, Flag, Review, Tag, Tagging
now = timezone.now()

def put_on(conversations, name):
    tag, _ = Tag.objects.get_or_create(key=name.casefold(), defaults={"name": name})
    Tagging.objects.bulk_create(Tagging(conversation=each, tag=tag, tagged_at=now) for each in conversations)
    return [[each.conversation_id, each.csat, each.pk] for each in conversations]

def tagged(count, name):
    # The oldest: a late survey would move one of them in the list.
    return put_on(list(Conversation.objects.filter(status="closed").order_by("started_at", "pk")[:count]), name)

def arrived(name, ratings):
    made = []
    for ident, csat in ratings.items():
        at = {"started_at": now, "ended_at": now, "started_slot": int(now.timestamp()) // 900}
        made.append(Conversation.objects.create(conversation_id=ident, csat=csat, status="closed", shuffle_key=1, **at))
        ConversationDetail.objects.create(conversation=made[-1])
    return put_on(made, name)

def known_tags(count):
    made = [Tag(name=f"Case {n:03}", key=f"case {n:03}") for n in range(count)]
    return len(Tag.objects.bulk_create(made))

def forget_tags():
    return Tag.objects.filter(key__startswith="case ").delete()[0]

def reviewed_by(username, ids):
    who = User.objects.get(username=username)
    for each in Conversation.objects.filter(conversation_id__in=ids):
        Review.objects.create(user=who, conversation=each, reviewed_at=now)
    return ids

def forget_marks(username):
    return [kind.objects.filter(user__username=username).delete()[0] for kind in (Review, Flag)]

def reviews_of(username):
    return list(Review.objects.filter(user__username=username).values_list("conversation__conversation_id", flat=True))
"""


@pytest.fixture(scope="package")
def inside(filled: Product, server_parts: dict[str, str]) -> Inside:
    """One expression over _TOOLS, inside the running product; gives its value back."""
    env = clean(DATA_DIR=str(filled.folder), PORT=str(filled.port), **server_parts)

    def run(expression: str) -> Any:
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", f"{_TOOLS}\nprint(json.dumps({expression}))"]
        done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def unmarked(inside: Inside) -> Iterator[None]:
    """Other tests walk lists of what nobody has reviewed, and expect a mark of theirs to be the first."""
    yield
    inside("forget_marks('analyst')")
