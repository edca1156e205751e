"""The system's Chromium against the whole running product, under the real policy."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import servers
from tests.browser.watch import Watch
from tests.product import Product, wait_for

CONVERSATIONS = 200
# Chromium's own calls home would fail in a closed network, many at a time.
QUIET = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-dev-shm-usage"
)
Visit = Callable[..., Page]


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


@pytest.fixture(scope="package")
def signed_in(chromium: Browser, filled: Product, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of an analyst who signed in through the form."""
    page = chromium.new_page()
    page.goto(f"{filled.url}/login/")
    page.get_by_label("Name").fill("analyst")
    page.get_by_label("Password").fill(filled.password("analyst"))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    path = tmp_path_factory.mktemp("browser") / "cookies.json"
    page.context.storage_state(path=path)
    page.close()
    return path


@pytest.fixture
def visit(chromium: Browser, filled: Product, signed_in: Path) -> Iterator[Visit]:
    """Open an address signed in as analyst (`visit(path, **context)`); at the end nothing may have gone wrong."""
    opened: list[tuple[Page, Watch]] = []

    def go(path: str, *, status: int = 200, anonymous: bool = False, **context: Any) -> Page:
        page = chromium.new_context(
            base_url=filled.url, storage_state=None if anonymous else signed_in, **context
        ).new_page()
        watch = Watch(page, urlsplit(filled.url).netloc)
        opened.append((page, watch))
        if status >= 400:
            watch.expect_refusal(f"{filled.url}{path}")
        answer = page.goto(path, wait_until="networkidle")
        assert answer and answer.status == status, f"{answer and answer.status}: {filled.said[-3000:]}"
        return page

    yield go
    troubles = [trouble for _, watch in opened for trouble in watch.troubles]
    for page, _ in opened:
        page.context.close()
    assert not troubles, "\n".join(troubles)
