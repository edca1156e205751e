"""What a supervisor does with views and columns, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}


def _save(page: Page, name: str) -> None:
    page.locator("summary", has_text="Save view").click()
    page.locator(".save-view input[name=name]").fill(name)
    page.locator(".save-view").get_by_role("button", name="Save").click()


def _remove(page: Page, name: str) -> None:
    page.goto("/views/")
    page.get_by_role("link", name=f"Delete {name}").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#content")).not_to_contain_text("Conversations with CSAT 5")


def _headings(page: Page) -> list[str]:
    return [re.sub(r"\W+$", "", text) for text in page.locator("table.conversations thead th").all_inner_texts()]


@pytest.mark.parametrize("with_script", [True, False])
def test_saves_changes_updates_and_deletes_a_view(visit: Visit, with_script: bool) -> None:
    name = f"Very good {with_script}"
    page = visit("/conversations/?csat=5", java_script_enabled=with_script, viewport=WIDE)
    _save(page, name)
    bar = page.locator(".view-bar")
    expect(bar).to_have_text(re.compile(rf"View\s+{name}"))

    page.get_by_role("link", name="MCS", exact=True).click()
    expect(bar).to_contain_text(f"{name}, changed:")
    page.reload()
    expect(bar).to_contain_text("changed:")
    bar.get_by_role("link", name="Back to the view").click()
    expect(bar).not_to_contain_text("changed:")
    page.get_by_role("link", name="MCS", exact=True).click()
    bar.get_by_role("button", name="Update").click()
    expect(bar).to_have_text(re.compile(rf"View\s+{name}"))
    expect(page.locator("h1.sentence")).to_contain_text("lowest MCS first")

    page.goto("/conversations/?csat=4")
    page.locator("summary", has_text="Views").click()
    expect(page.locator(".views-menu").get_by_role("link", name=name)).to_be_visible()
    page.keyboard.press("Escape")
    if with_script:
        expect(page.locator(".views-menu .menu-sheet")).to_be_hidden()
    _remove(page, name)


def test_says_on_the_form_that_a_name_is_taken(visit: Visit) -> None:
    refused = "/views/new/?csat=4&zone=UTC"
    page = visit("/conversations/?csat=4", refusing=refused, viewport=WIDE)
    _save(page, "Good")
    page.goto("/conversations/?csat=4")
    _save(page, "GOOD")
    expect(page.get_by_role("alert")).to_have_text("You already have a view named Good.")
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("Good too")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".view-bar")).to_contain_text("Good too")
    _remove(page, "Good too")
    _remove(page, "Good")


def test_says_that_a_view_was_changed_when_a_filter_is_chosen(visit: Visit) -> None:
    page = visit("/views/low-ratings/", viewport=WIDE)
    expect(page.locator(".view-bar")).to_have_text(re.compile(r"View\s+Rated 1 or 2, last 7 days"))
    page.locator(".filters > summary").click()
    page.locator("label:has(input[name=csat][value='3'])").click()
    expect(page.locator(".view-bar")).to_contain_text("changed:")
    assert "view=low-ratings" in page.url
    page.get_by_role("link", name="Back to the view").click()
    expect(page.locator(".view-bar")).not_to_contain_text("changed:")


def test_counts_views_once_their_menu_is_open(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    line = page.locator(".views-menu a", has_text="Collapsed")
    expect(line.locator(".view-count")).to_be_empty()
    page.locator("summary", has_text="Views").click()
    expect(line.locator(".view-count")).to_have_text(re.compile(r"^[\d,]+ conversations?$"))
    page.goto("/views/")
    expect(page.locator(".view-count").first).to_have_text(re.compile(r"^[\d,]+ conversations?$"))


@pytest.mark.parametrize("with_script", [True, False])
def test_chooses_and_orders_columns_by_buttons(visit: Visit, with_script: bool) -> None:
    page = visit("/conversations/", java_script_enabled=with_script, viewport=WIDE)
    assert _headings(page)[:5] == ["Mark", "Started", "Consumer", "Agent", "Skill"]
    page.locator("summary", has_text="Columns").click()
    boxes = page.locator("[data-columns]").get_by_role("checkbox")
    page.get_by_role("checkbox", name="Consumer").uncheck()
    up = page.get_by_role("button", name="Skill up")
    for _ in range(4):
        up.press("Enter")  # the focus stays with the row
    expect(page.get_by_role("button", name="Skill down")).to_be_visible()
    if with_script:
        expect(page.get_by_role("button", name="Skill down")).to_be_focused()
        expect(page.locator("[data-columns-status]")).to_have_text(f"Skill is number 1 of {boxes.count()}.")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator("table.conversations thead th").first).to_contain_text("Skill")
    assert _headings(page)[:4] == ["Skill", "Mark", "Started", "Agent"]

    page.goto("/columns/")
    page.get_by_role("button", name="Back to the usual columns").click()
    expect(page.locator("table.conversations thead th").first).to_contain_text("Mark")
    assert _headings(page)[:5] == ["Mark", "Started", "Consumer", "Agent", "Skill"]


@pytest.mark.parametrize("with_script", [True, False])
def test_starts_on_a_view(visit: Visit, with_script: bool) -> None:
    page = visit("/views/", java_script_enabled=with_script, viewport=WIDE)
    page.get_by_role("button", name="Make it my start page: Open and waiting").click()
    page.get_by_role("link", name="Readback", exact=True).click()
    expect(page.locator(".view-bar")).to_contain_text("Open and waiting")
    page.goto("/views/")
    page.get_by_role("button", name="Start on the overview again").click()
    page.get_by_role("link", name="Readback", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Overview")
