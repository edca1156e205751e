"""/sync/ and "Refresh from LivePerson" under the hand: without leaving the page, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("troubled")]


def _press(page: Page, name: str) -> None:
    """By the keyboard alone."""
    page.get_by_role("button", name=name).first.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("with_script", [True, False])
def test_pauses_history_and_goes_on(visit: Visit, with_script: bool) -> None:
    page = visit("/sync/", who="admin", java_script_enabled=with_script)
    _press(page, "Pause history")
    expect(page.locator(".notice:not(:empty)")).to_have_text("History is paused. What is new is still read.")
    _press(page, "Resume history")
    expect(page.locator(".notice:not(:empty)")).to_have_text("History goes on where it was.")
    expect(page.get_by_role("button", name="Pause history")).to_be_visible()


def test_keeps_the_focus_where_a_button_was_pressed(visit: Visit) -> None:
    page = visit("/sync/", who="admin")
    _press(page, "Pause history")
    expect(page.get_by_role("button", name="Resume history")).to_be_focused()
    _press(page, "Resume history")
    expect(page.get_by_role("button", name="Pause history")).to_be_focused()


def test_goes_on_living_while_somebody_is_in_it_with_the_keyboard(visit: Visit) -> None:
    page = visit("/sync/", who="admin")
    page.get_by_role("link", name="Show").first.focus()
    before = page.locator("[data-sync-said]").inner_text()
    expect(page.locator("[data-sync-said]")).not_to_have_text(before, timeout=60_000)
    expect(page.get_by_role("link", name="Show").first).to_be_focused()
    assert page.locator("[data-sync-status]").inner_text() == ""  # the same state, a little later


def test_asks_for_a_period_at_once(visit: Visit) -> None:
    page = visit("/sync/", who="admin")
    expect(page.get_by_text("LivePerson counts 112, 110 arrived").first).to_be_visible()
    _press(page, "Try now")
    said = "This period is asked for again as soon as a worker is free."
    expect(page.locator(".notice:not(:empty)")).to_have_text(said)
    # It is read whole, leaves the list, and who pressed stands at what is left of it.
    expect(page.get_by_text("LivePerson counts 112, 110 arrived")).to_have_count(1, timeout=60_000)
    assert page.evaluate("() => document.activeElement !== document.body")


def test_shows_an_unreadable_record_and_reads_it_again(visit: Visit) -> None:
    page = visit("/sync/", who="admin")
    page.get_by_role("link", name="Show").first.click()
    page.get_by_role("link", name="Show").first.click()
    expect(page.get_by_role("region", name="The record")).to_contain_text('"messageRecords": "<b>"')
    page.get_by_role("button", name="Read again").click()
    expect(page.locator(".notice")).to_contain_text("It still cannot be read as it is kept.")


def test_keeps_what_is_for_operators_from_others(visit: Visit) -> None:
    page = visit("/sync/")
    expect(page.locator("[data-sync-said]")).to_be_visible()
    assert page.get_by_role("button", name="Pause history").count() == 0
    visit("/sync/unreadable/", status=403)


def _open_a_transcript(visit: Visit, with_script: bool) -> Page:
    """One that LivePerson has: other tests leave some without messages that it does not."""
    address, viewport = "/conversations/?status=closed&sort=-messages", {"width": 1440, "height": 900}
    page = visit(address, java_script_enabled=with_script, viewport=viewport)
    page.locator("table.conversations a.row-link").nth(3).click()
    page.get_by_role("button", name="Refresh from LivePerson").wait_for()
    page.wait_for_load_state()  # until its script is there, the button is that of a page without
    return page


def test_reads_a_conversation_anew_without_leaving_it(visit: Visit) -> None:
    page = _open_a_transcript(visit, True)
    _press(page, "Refresh from LivePerson")
    expect(page.locator("[data-asked=done]")).to_have_text(re.compile(r"^Unchanged at|: changed\."), timeout=60_000)
    expect(page.get_by_role("button", name="Refresh from LivePerson")).to_be_focused()


def test_reads_a_conversation_anew_without_script(visit: Visit) -> None:
    page = _open_a_transcript(visit, False)
    page.get_by_role("button", name="Refresh from LivePerson").click()
    page.wait_for_url(lambda url: url.endswith("#context-record"))
    expect(page.locator("[data-asked]")).to_have_text(re.compile(r"Asking LivePerson|Unchanged at|: changed\."))
    assert "status=closed" in page.url
