"""The list as it lives: what arrives, ages that go on, steps that Back takes back, an address that others can open."""

import re

import pytest
from playwright.sync_api import Page, expect

from interactions.metrics.wording import span
from tests.browser.conftest import Inside, Visit

pytestmark = pytest.mark.browser
WIDE = {"width": 1440, "height": 900}


def _toggle(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value='{value}'])").click()


def _sentence(page: Page, text: str) -> None:
    expect(page.locator("h1.sentence")).to_have_text(re.compile(rf"^[\w,]+ conversations?{text}"))


def _is_chosen(page: Page, name: str) -> list[str]:
    return [each.get_attribute("value") or "" for each in page.locator(f"input[name={name}]:checked").all()]


@pytest.mark.parametrize("place", ["first", "second"])
def test_leads_to_what_arrived_from_every_page(visit: Visit, inside: Inside, place: str) -> None:
    page = visit("/conversations/?status=closed", viewport=WIDE)
    if place == "second":
        page.get_by_role("link", name="Next").click()
        page.wait_for_url("**page=**")
    page.clock.install()
    page.reload(wait_until="networkidle")
    ident = f"arrived-{place}"
    inside(f"arrived('arrived', {{'{ident}': 1}})")
    page.clock.fast_forward(31_000)
    said = page.locator("[data-arrivals]")
    expect(said).to_have_text(re.compile(r"^\d+ new conversations? match(es)?\. Show them$"))
    expect(page.locator(f"#row-{ident}")).to_have_count(0)
    said.get_by_role("link").click()
    expect(page.locator(f"#row-{ident}")).to_be_in_viewport()
    assert "status=closed" in page.url and "page=" not in page.url


def test_lets_the_age_of_open_conversations_go_on_without_a_word(visit: Visit) -> None:
    page = visit("/conversations/?status=open", viewport=WIDE)
    page.clock.install()
    page.reload(wait_until="networkidle")

    def later(seconds: int) -> None:
        age = page.locator("[data-age]").first
        start = int(age.get_attribute("data-age") or "")
        assert age.inner_text() == span(start)
        page.clock.fast_forward(seconds * 1000)
        # The test itself takes some seconds.
        expect(age).to_have_text(re.compile("|".join(span(start + seconds + more) for more in range(60))))

    later(180)
    # So do those of rows that came later.
    page.locator(".filters > summary").click()
    _toggle(page, "csat", "none")
    _sentence(page, " with no CSAT")
    expect(page.locator("[data-status]")).to_have_text(re.compile("conversations?$"))
    said = page.locator("[data-status]").inner_text()
    later(7200)
    assert page.locator("[data-status]").inner_text() == said


def test_takes_each_filter_back(visit: Visit) -> None:
    page = visit("/me/", viewport=WIDE)
    page.goto("/conversations/", wait_until="networkidle")
    page.locator(".filters > summary").click()
    _toggle(page, "csat", "1")
    _sentence(page, " with CSAT 1 ×, newest")
    _toggle(page, "csat", "2")
    _sentence(page, " with CSAT 1 or 2 ×, newest")
    page.locator("[name=sort]").select_option("csat")
    _sentence(page, " with CSAT 1 or 2 ×, lowest")
    page.go_back()
    _sentence(page, " with CSAT 1 or 2 ×, newest")
    expect(page.locator("[name=sort]")).to_have_value("-started_at")
    page.go_back()
    _sentence(page, " with CSAT 1 ×, newest")
    assert _is_chosen(page, "csat") == ["1"] and page.title().endswith("with CSAT 1, newest first · Readback")
    expect(page.locator(".filters > summary b")).to_have_text("1")
    page.go_forward()
    _sentence(page, " with CSAT 1 or 2 ×, newest")
    assert _is_chosen(page, "csat") == ["1", "2"]
    page.go_back()
    page.go_back()
    _sentence(page, ", newest")
    assert _is_chosen(page, "csat") == []
    page.go_back()
    page.wait_for_url("**/me/")


def test_takes_filters_back_also_after_a_conversation_was_read(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    page.locator(".filters > summary").click()
    _toggle(page, "csat", "1")
    _sentence(page, " with CSAT 1 ×")
    page.locator(".row-link").first.click()
    page.wait_for_url("**/?csat=1")
    page.go_back(wait_until="networkidle")
    _sentence(page, " with CSAT 1 ×")
    page.go_back()
    _sentence(page, ", newest")
    assert _is_chosen(page, "csat") == []
    _toggle(page, "csat", "2")
    _sentence(page, " with CSAT 2 ×")


def test_takes_what_was_typed_into_a_field_for_one_step(visit: Visit) -> None:
    page = visit("/conversations/?csat=none", viewport=WIDE)
    page.locator(".filters > summary").click()
    page.get_by_role("spinbutton", name="MCS from").focus()
    for value in (1, 2, 3):
        page.keyboard.press("ArrowUp")
        _sentence(page, rf" with no CSAT × MCS {value} or higher")
    page.get_by_role("spinbutton", name="MCS to").fill("90")
    page.keyboard.press("Tab")
    _sentence(page, r" with no CSAT × MCS 3 to 90")
    page.go_back()
    _sentence(page, r" with no CSAT × MCS 3 or higher")
    expect(page.get_by_role("spinbutton", name="MCS to")).to_have_value("")
    page.go_back()
    _sentence(page, r" with no CSAT ×, newest")
    expect(page.get_by_role("spinbutton", name="MCS from")).to_have_value("")


def test_names_the_zone_in_the_address_where_it_decides(visit: Visit) -> None:
    page = visit("/conversations/?period=28d", viewport=WIDE)
    assert page.url.endswith("/conversations/?period=28d&zone=UTC")
    page.goto("/conversations/?csat=1")
    assert "zone" not in page.url
    page.locator(".filters > summary").click()
    _toggle(page, "period", "last_month")
    page.wait_for_url("**/conversations/?csat=1&period=last_month&zone=UTC")
    # That is no filter, and no other step.
    expect(page.locator(".filters > summary b")).to_have_text("2")
    expect(page.locator(".more > summary b")).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/conversations/?csat=1")
    _sentence(page, " with CSAT 1 ×, newest")


def test_leaves_the_focus_on_the_way_to_what_arrived(visit: Visit, inside: Inside) -> None:
    page = visit("/me/", viewport=WIDE)
    page.clock.install()
    page.goto("/conversations/?status=closed", wait_until="networkidle")
    inside("arrived('arrived', {'kept-1': 1})")
    page.clock.fast_forward(31_000)
    said = page.locator("[data-arrivals]")
    link = said.get_by_role("link")
    link.focus()
    before = said.inner_text()
    for number, words in ((0, before), (1, re.compile(r"^\d+ new"))):
        if number:
            inside("arrived('arrived', {'kept-2': 1})")
        with page.expect_response(re.compile("count.json")):
            page.clock.fast_forward(31_000)
        expect(said).to_have_text(words)
        expect(link).to_be_focused()
    expect(said).not_to_have_text(before)


def test_shuffles_and_takes_it_back_where_one_stands(visit: Visit) -> None:
    page = visit("/conversations/?csat=1", viewport=WIDE)
    page.locator(".filters > summary").click()
    order = page.locator("[name=sort]")
    order.focus()
    page.evaluate("() => (document.documentElement.dataset.same = '1')")
    order.select_option("shuffle")
    page.wait_for_url(re.compile(r"sort=shuffle&seed=\d+$"))
    _sentence(page, " with CSAT 1 ×, shuffled")
    expect(order).to_be_focused()
    shuffled = page.url
    _toggle(page, "csat", "2")
    _sentence(page, " with CSAT 1 or 2 ×, shuffled")
    assert page.url.partition("seed=")[2] == shuffled.partition("seed=")[2]
    page.go_back()
    page.go_back()
    _sentence(page, " with CSAT 1 ×, newest")
    expect(order).to_have_value("-started_at")
    assert page.evaluate("() => document.documentElement.dataset.same") == "1"


def test_closes_a_menu_that_the_focus_leaves(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    menu = page.locator("details.views-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    links = menu.locator("a").count()
    for _ in range(links):
        page.keyboard.press("Tab")
    expect(menu.locator("a").last).to_be_focused()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(menu).not_to_have_attribute("open", "")
    assert page.evaluate("() => document.activeElement !== document.body")


def test_does_not_take_what_cannot_be_read_for_an_empty_field(visit: Visit) -> None:
    page = visit("/conversations/?mcs_min=10", viewport=WIDE)
    page.locator(".filters > summary").click()
    field = page.locator("input[name=mcs_min]")
    field.fill("")
    page.keyboard.press("Tab")
    _sentence(page, ", newest")
    field.focus()
    page.keyboard.type("-")
    page.keyboard.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-status]")).not_to_have_text(re.compile("conversations?$"))
    assert field.evaluate("field => field.validity.badInput")
    field.fill("20")
    page.keyboard.press("Tab")
    _sentence(page, " with MCS 20 or higher ×, newest")
    expect(field).not_to_have_attribute("aria-invalid", "true")
