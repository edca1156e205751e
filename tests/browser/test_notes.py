"""The page on which a note is changed: what is typed there is lost by nothing, and deleting it can be undone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, sign_in
from tests.product import Product

pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}


def _edit(page: Page, words: str) -> None:
    """A note on the first of the list, and then the page on which it is changed."""
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(lambda url: "/conversations/?" not in url)
    page.wait_for_load_state()
    expect(page.locator("[data-marks]")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-mark-said]")).to_contain_text("Note saved.")
    page.keyboard.press("Escape")
    _open(page, words)


def _open(page: Page, words: str) -> None:
    line = page.locator(".note-line").first
    expect(line).to_be_visible()
    line.locator("[data-note-edit]").click()
    page.wait_for_url(lambda url: "/notes/" in url)
    page.wait_for_load_state("networkidle")  # its script is here
    expect(page.get_by_label("Note")).to_have_value(words)


def _delete(page: Page) -> None:
    page.get_by_role("button", name="Delete this note").click()
    expect(page.locator("[data-mark-said]")).to_contain_text("Note deleted.")


def test_keeps_a_draft_of_other_words_over_esc_and_a_reload(visit: Visit) -> None:
    page = visit("/conversations/?sort=-csat", viewport=WIDE)
    _edit(page, "First words")
    page.get_by_label("Note").fill("First words, and more")
    page.keyboard.press("Escape")
    expect(page.locator(".note-line").first).to_contain_text("First words")
    _open(page, "First words, and more")
    page.reload()
    said = page.locator("[data-note-said]")
    expect(said).to_contain_text("These words are a draft that is not saved yet.")
    expect(page.get_by_label("Note")).to_have_value("First words, and more")
    page.get_by_role("button", name="Back to the saved words").click()
    expect(page.get_by_label("Note")).to_have_value("First words")
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("First words")
    expect(said).to_be_hidden()
    page.get_by_label("Note").fill("Other words")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note-line").first).to_contain_text("Other words")
    _open(page, "Other words")
    expect(said).to_be_hidden()
    _delete(page)


def test_tries_again_to_change_a_note_when_the_connection_is_back(visit: Visit) -> None:
    page = visit("/conversations/?sort=-csat", viewport=WIDE)
    _edit(page, "Before the tunnel")
    lost = "**/notes/**"
    page.route(lost, lambda route: route.abort("aborted"))
    page.get_by_label("Note").fill("Through the tunnel")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("[data-note-said]")).to_have_text("Not saved: no connection. Kept here, trying again.")
    page.unroute(lost)
    expect(page.locator(".note-line").first).to_contain_text("Through the tunnel", timeout=15_000)
    expect(page.locator("[data-mark-said]")).to_contain_text("Note changed.")
    _open(page, "Through the tunnel")
    _delete(page)


@pytest.mark.parametrize("with_script", [True, False])
def test_keeps_other_words_for_a_note_over_a_new_sign_in(visit: Visit, filled: Product, with_script: bool) -> None:
    page = visit("/login/", who="", viewport=WIDE)
    sign_in(page, filled, "admin")
    page.goto("/conversations/?sort=csat")
    _edit(page, "First words")
    address, context = page.url, page.context
    if not with_script:
        page = visit("/login/", who="", java_script_enabled=False)
        page.context.add_cookies(context.cookies())
        page.goto(address)
    page.get_by_label("Note").fill("A long thought")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("You were signed out. Sign in again; your note is kept.")).to_be_visible()
    if with_script:
        page.get_by_role("link", name="Sign in").click()
    sign_in(page, filled, "admin")
    page.wait_for_url(address)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("Note")).to_have_value("A long thought")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".note-line").first).to_contain_text("A long thought")
    page.locator("[data-note-edit]").first.click()
    _delete(page)


def test_takes_a_deleted_note_back_by_key(visit: Visit) -> None:
    page = visit("/conversations/?sort=-csat", viewport=WIDE)
    _edit(page, "Worth keeping")
    _delete(page)
    expect(page.locator(".note-line")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("z")
    expect(page.locator(".note-line")).to_contain_text("Worth keeping")
    expect(page.locator("[data-mark-said]")).to_have_text("Taken back.")
    _open(page, "Worth keeping")
    _delete(page)
