"""The list by keyboard alone, and as a screen reader tells it: every control has a name, and the focus a place."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
WIDE = {"width": 1440, "height": 900}
CONTROLS = {"button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "spinbutton", "Date", "group"}
CONTROLS |= {"DisclosureTriangle", "image", "table", "columnheader", "rowheader"}
FOCUSED = """() => { const it = document.activeElement;
    return (it.getAttribute("aria-label") || it.textContent).replace(/\\s+/g, " ").trim(); }"""


def _told(page: Page) -> list[tuple[str, str]]:
    """(role, name) of everything that a screen reader meets, in its order."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in nodes
        if not node.get("ignored") and "role" in node
    ]


def _tabbed(page: Page, until: str) -> list[str]:
    """What takes the focus one after the other, from the search field to `until`."""
    page.locator("[data-search]").focus()
    found = [page.evaluate(FOCUSED)]
    while found[-1] != until and len(found) < 400:
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
    return found


def test_gives_every_control_a_name(visit: Visit) -> None:
    page = visit("/conversations/?csat=1", viewport=WIDE)
    page.locator(".filters > summary").click()
    page.locator(".more > summary").click()
    page.locator(".tally").first.wait_for()
    told = _told(page)
    # A folded menu is a group without a name around the button that has one.
    assert [role for role, name in told if role in CONTROLS - {"group"} and not name] == []
    summaries = [name for role, name in told if role == "DisclosureTriangle"]
    assert {"said by anyone", "Filters 1 set", "More filters", "Views", "Save view", "Columns", "Download"} < {
        *summaries
    }
    assert ("link", "Remove CSAT 1") in told
    assert any(re.fullmatch(r"no CSAT ?, [\d,]+ conversations?", name) for role, name in told if role == "checkbox")


def test_goes_from_search_to_filters_sentence_headers_rows_and_paging(visit: Visit) -> None:
    page = visit("/conversations/?csat=none&status=closed", viewport=WIDE)
    rows = page.locator(".row-link").all_inner_texts()
    order = _tabbed(page, "Last")
    start = ["Search transcripts", "said by anyone ▾", "Search", "Filters 2 set"]
    start += ["Views ▾", "Save view", "Columns", "Download ▾", "Remove no CSAT", "Remove status closed", "Clear all"]
    assert order[: len(start)] == start
    # A table that is behind says so above itself, with a link to the reading; whether it is here is chance.
    order = [name for name in order if name != "See progress"]
    headers = ["Started ↓", "Agent", "CSAT", "MCS", "MCS path", "First reply", "Duration", "Msgs"]
    after = order[len(start) :]
    assert after[: len(headers)] == headers and after[-2:] == ["Next", "Last"]
    assert [name for name in after[len(headers) : -2] if name in rows] == rows


def test_reads_the_table_with_its_sentence_and_a_header_for_each_row(visit: Visit) -> None:
    page = visit("/conversations/?csat=1&csat=2", viewport=WIDE)
    told = _told(page)
    sentence = page.title().removesuffix(" · Readback")
    assert re.fullmatch(r"\d+ conversations with CSAT 1 or 2, newest first", sentence)
    assert ("table", sentence) in told
    rows = page.locator("table.conversations tbody tr")
    assert rows.count() == page.get_by_role("rowheader").count() > 10
    assert rows.first.get_by_role("rowheader").inner_text() == page.locator(".row-link").first.inner_text()
    assert page.locator("thead th[aria-sort=descending]").inner_text().split() == ["Started", "↓"]


def test_says_the_new_count_and_keeps_the_focus_where_a_choice_was_made(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    page.locator(".filters > summary").focus()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.locator("input[name=csat][value='2']")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"^[\d,]+ conversations?$"))
    said = page.locator("[data-status]").inner_text()
    assert ("status", "") in _told(page) and page.title().startswith(f"{said} with CSAT 2")
    expect(page.locator("input[name=csat][value='2']")).to_be_focused()


def test_goes_on_where_a_link_was_pressed_by_key(visit: Visit) -> None:
    page = visit("/conversations/?csat=none&status=closed&weekday=1&weekday=2&weekday=3", viewport=WIDE)

    def press(name: str) -> str:
        page.get_by_role("link", name=name, exact=True).first.focus()
        with page.expect_navigation(wait_until="networkidle"):
            page.keyboard.press("Enter")
        return str(page.evaluate(FOCUSED))

    assert press("Duration") == "Duration ↓"
    assert press("Remove status closed") == "Remove started on a Monday, Tuesday or Wednesday"
    assert press("Remove started on a Monday, Tuesday or Wednesday") == "Remove no CSAT"
    assert press("Next") == page.locator(".row-link").first.inner_text()
    assert press("Clear all").endswith("conversations, newest first")
    assert page.evaluate("() => document.activeElement.tagName") == "H1"


def test_leaves_the_focus_to_the_browser_after_a_press_of_the_mouse(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("link", name="Duration", exact=True).click()
    assert page.evaluate("() => document.activeElement.tagName") == "BODY"
