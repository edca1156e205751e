"""Searching by keyboard: from any page to the line that was meant."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_leads_from_any_page_to_the_line_that_was_meant(visit: Visit) -> None:
    page = visit("/me/", viewport={"width": 1440, "height": 900})
    page.keyboard.press("/")
    page.keyboard.type("order")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/conversations/?q=order"))
    line = page.locator(".snippet").first
    expect(line.locator("mark").first).to_have_text("order", ignore_case=True)
    line.press("Enter")
    page.wait_for_url(lambda url: "#m-" in url)
    page.wait_for_load_state()
    expect(page.locator(".turn:target mark").first).to_be_in_viewport()


def test_narrows_a_list_without_leaving_it_and_says_who_said_it(visit: Visit) -> None:
    page = visit("/conversations/?status=closed", viewport={"width": 1440, "height": 900})
    page.keyboard.press("/")
    page.keyboard.type("order")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "q=order" in url and "status=closed" in url)
    expect(page.locator("h1")).to_contain_text("“order”")
    page.locator(".said-by summary").click()
    page.get_by_label("agents").check()
    page.wait_for_url(lambda url: "said_by=agent" in url)
    expect(page.locator("[data-said-by]")).to_have_text("agents")
    expect(page.locator(".snippet-row").first).to_contain_text("agent, ")


def test_counts_nothing_for_a_search_that_is_refused(visit: Visit) -> None:
    words = "+".join(f"w{number}" for number in range(33))
    page = visit(f"/conversations/?q={words}", status=400, viewport={"width": 1440, "height": 900})
    expect(page.get_by_role("alert")).to_contain_text("it holds 33 words, and 32 are the most")
    expect(page.locator("[data-facets-said]")).to_be_empty()
    page.locator("[data-search]").fill("order")
    page.locator("[data-search]").press("Enter")
    page.wait_for_url(lambda url: "q=order" in url)
    expect(page.locator(".snippet").first).to_be_visible()


def test_walks_the_matches_of_a_transcript(visit: Visit) -> None:
    page = visit("/conversations/?q=the&sort=-messages", viewport={"width": 1440, "height": 900})
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(lambda url: "q=the" in url and url.split("?")[0].count("/") > 4)
    page.wait_for_load_state()
    matches = page.locator(".turn-match")
    assert matches.count() > 2
    expect(matches.first).to_be_in_viewport()
    # Nothing is asked of the server for it.
    page.context.route("**/*", lambda route: route.abort("aborted"))
    page.keyboard.press("n")
    expect(matches.nth(1)).to_be_focused()
    page.get_by_role("button", name="Next match").click()
    expect(matches.nth(2)).to_be_focused()
    page.keyboard.press("N")
    expect(matches.nth(1)).to_be_focused()


def test_searches_without_script(visit: Visit) -> None:
    page = visit("/conversations/?csat=1", java_script_enabled=False)
    page.get_by_label("Search transcripts").fill("order")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(lambda url: "q=order" in url and "csat=1" in url)


def test_walks_to_a_comment_of_the_survey_and_opens_its_pane(visit: Visit) -> None:
    page = visit("/conversations/?q=the&said_by=comment", viewport={"width": 1440, "height": 900})
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(lambda url: "q=the" in url and url.split("?")[0].count("/") > 4)
    page.wait_for_load_state()
    expect(page.locator("[data-match-words]")).to_have_text("1 of 1 match")
    expect(page.locator(".turn-survey.turn-match mark").first).to_be_in_viewport()
    comment = page.locator("#context-comment")
    expect(comment.locator("mark").first).to_be_visible()
    # As where no message says it.
    comment.evaluate("comment => comment.classList.add('turn-match')")
    page.keyboard.press("i")
    expect(comment).to_be_hidden()
    page.keyboard.press("n")
    expect(comment).to_be_focused()
    expect(page.locator("[data-match-words]")).to_have_text("2 of 2 matches")
    # Left open for who comes next.
    for is_open in (False, True):
        page.keyboard.press("i")
        expect(comment).to_be_visible(visible=is_open)
