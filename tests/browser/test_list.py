"""The list as it lives: what arrives, ages that go on."""

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
