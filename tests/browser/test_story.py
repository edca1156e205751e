"""What a supervisor does: sign in, narrow the list, read, go on, take the file along."""

import csv
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, sign_in
from tests.product import Product

pytestmark = pytest.mark.browser


def _count(page: Page) -> int:
    said = page.locator("h1.sentence").inner_text()
    return int(re.sub(r"\D", "", said.split("conversation")[0]))


def _choose_low_ratings(page: Page) -> None:
    page.locator(".filters > summary").click()
    for value in ("1", "2"):
        page.locator(f"label:has(input[name=csat][value='{value}'])").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("h1.sentence")).to_contain_text("CSAT 1 or 2")


@pytest.mark.parametrize("username", ["supervisor", "analyst"])
def test_reaches_a_list_after_signing_in(visit: Visit, filled: Product, username: str) -> None:
    page = visit("/login/", who="")
    sign_in(page, filled, username)
    expect(page.locator("h1")).to_contain_text("Overview")
    page.get_by_role("link", name="Conversations", exact=True).first.click()
    expect(page.locator("table.conversations tbody tr").first).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False])
def test_narrows_opens_goes_on_and_downloads(visit: Visit, with_script: bool) -> None:
    page = visit("/conversations/", java_script_enabled=with_script)
    _choose_low_ratings(page)
    count = _count(page)
    badges = page.locator("table.conversations .cell-csat").all_inner_texts()
    assert badges and {re.sub(r"\D", "", badge) for badge in badges} <= {"1", "2"}

    rows = page.locator("table.conversations a.row-link")
    first, second = (rows.nth(index).get_attribute("href") or "" for index in (0, 1))
    rows.first.click()
    page.wait_for_url(lambda url: url.endswith(first))
    expect(page.locator("h1").first).to_be_visible()
    page.get_by_role("link", name="Next", exact=True).click()
    page.wait_for_url(lambda url: url.split("?")[0].endswith(second.split("?")[0]))

    page.goto(f"/conversations/?{first.split('?')[1]}")
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile(r"^Conversations, .*\(CSV\)$")).click()
    assert "sandbox" in waiting.value.suggested_filename
    with waiting.value.path().open(newline="") as file:
        ratings = [row["csat"] for row in csv.DictReader(file)]
    assert len(ratings) == count and set(ratings) <= {"1", "2"}


def test_says_which_filter_is_wrong_and_keeps_the_others(visit: Visit) -> None:
    page = visit("/conversations/?csat=1&mcs_min=90&mcs_max=10", status=400)
    expect(page.locator("#content")).to_contain_text("mcs_min")
    expect(page.locator("input[name=csat][value='1']")).to_be_checked()
    assert page.locator("table.conversations").count() == 0


def test_draws_the_trend(visit: Visit) -> None:
    # All that was read: four weeks of a small account hold too few ratings for a line.
    first, last = (datetime.now(UTC).date() - timedelta(days=days) for days in (90, 0))
    page = visit(f"/?started_from={first}&started_to={last}&zone=UTC")
    expect(page.locator("figure svg.main-svg").first).to_be_visible()


def test_puts_the_line_about_keys_away_for_good(visit: Visit) -> None:
    page = visit("/conversations/", viewport={"width": 1440, "height": 900})
    page.locator("table.conversations a.row-link").first.click()
    page.get_by_role("button", name="Put the line about keys away").click()
    expect(page.locator("h1").first).to_be_focused()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_role("button", name="Next message")).to_be_visible()
    expect(page.locator("[data-keys-hint]")).to_be_hidden()
