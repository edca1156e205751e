"""Forty in a row: somebody reviews a list by keys alone, while others mark and conversations arrive."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Inside, Visit, sign_in
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("unmarked")]

WIDE = {"width": 1440, "height": 900}


@dataclass
class Queue:
    """What the list should be: rows by id with their place in the order by CSAT, and those that somebody reviewed."""

    places: dict[str, tuple[bool, int, int]] = field(default_factory=dict)
    reviewed: set[str] = field(default_factory=set)

    def add(self, rows: list[list[Any]]) -> None:
        self.places |= {ident: (csat is None, csat or 0, pk) for ident, csat, pk in rows}

    def after(self, ident: str) -> str | None:
        here = self.places[ident]
        ahead = [(place, other) for other, place in self.places.items() if place > here and other not in self.reviewed]
        return min(ahead)[1] if ahead else None


def _is_at(page: Page, ident: str) -> None:
    page.wait_for_url(lambda url: f"/conversations/{ident}/" in url)
    page.wait_for_load_state()
    expect(page.locator(f"[data-marks][data-conversation='{ident}']")).to_be_visible()
    expect(page.locator("h1").first).to_be_focused()


def test_reviews_forty_without_a_mouse(visit: Visit, inside: Inside) -> None:
    queue = Queue()
    queue.add(inside("tagged(40, 'Forty')"))
    order = sorted(queue.places, key=queue.places.__getitem__)
    page = visit("/conversations/?reviewed=no&sort=csat&tag=forty", viewport=WIDE)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: f"/conversations/{order[0]}/" in url)
    here, mine, skipped = order[0], list[str](), list[str]()
    for count in range(60):
        if count == 5:
            queue.reviewed |= set(inside(f"reviewed_by('admin', {[order[2], order[12], order[22]]!r})"))
        if count == 9:
            queue.add(inside("arrived('Forty', {'late-1': 1, 'late-2': 3, 'late-3': None})"))
        following = queue.after(here)
        if count in (7, 15):
            skipped.append(here)
            page.keyboard.press("j")
        else:
            mine.append(here)
            queue.reviewed.add(here)
            page.keyboard.press("r")
        if following is None:
            break
        _is_at(page, following)
        if count == 17:  # not meant: back to it, and once more
            page.keyboard.press("z")
            _is_at(page, here)
            expect(page.locator("[data-mark-said]")).to_have_text("Taken back.")
            expect(page.locator(f".pane-row[href*='/{following}/'] .pane-mark")).to_have_count(0)
            page.keyboard.press("r")
            _is_at(page, following)
        here = following
    expect(page.locator("[data-mark-said]")).to_contain_text("Reviewed.")
    expect(page.locator("[data-list-end]").first).to_have_text(
        f"End of the list: {len(mine) + 2} read, {len(mine)} reviewed, 2 skipped. Back to the list."
    )
    assert "late-3" in mine and len(mine) >= 36
    assert sorted(inside("reviews_of('analyst')")) == sorted(mine)


def _first(page: Page) -> None:
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(lambda url: "/conversations/?" not in url)
    page.wait_for_load_state()  # keys are heard by then
    expect(page.locator("[data-marks]")).to_be_visible()
    page.wait_for_load_state()  # keys are heard once the scripts are here


def test_flags_tags_and_writes_by_key(visit: Visit) -> None:
    page = visit("/conversations/?sort=mcs", viewport=WIDE)
    _first(page)
    address = page.url
    said = page.locator("[data-mark-said]")
    page.keyboard.press("f")
    expect(said).to_contain_text("Flagged.")
    row = page.locator(".pane-row[aria-current] .pane-marks")
    expect(row).to_contain_text("⚑")
    page.keyboard.press("z")
    expect(row).not_to_contain_text("⚑")
    page.keyboard.press("f")
    expect(row).to_contain_text("⚑")
    page.keyboard.press("t")
    page.keyboard.type("Late parcel")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Tagged.")
    expect(page.locator("#mark-tag")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("Read this with Noor")
    page.keyboard.press("Control+Enter")
    expect(said).to_contain_text("Note saved.")
    page.keyboard.press("J")
    page.keyboard.press("c")
    expect(page.locator(".note-form textarea")).to_be_focused()
    page.keyboard.type("Here it turns")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".turn .note-line")).to_contain_text("Here it turns")
    expect(page.locator(".turn:focus .note-line")).to_be_visible()
    assert page.url.split("#")[0] == address.split("#")[0]
    page.keyboard.press("z")
    expect(page.locator(".turn .note-line")).to_have_count(0)
    page.reload()
    marks = page.locator("[data-marks-section]")
    for text in ("by you, ", "Late parcel", "Read this with Noor"):
        expect(marks).to_contain_text(text)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.locator(".reader-actions").evaluate("bar => bar.offsetHeight") < 56, "one line"


def test_takes_back_the_last_mark_however_quickly(visit: Visit, inside: Inside) -> None:
    order = [ident for ident, _, _ in sorted(inside("tagged(4, 'Quickly')"), key=lambda row: (row[1] or 9, row[2]))]
    page = visit("/conversations/?tag=quickly&sort=csat", viewport=WIDE)
    _first(page)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("r")
    expect(page.locator(f"[data-marks][data-conversation='{order[1]}']")).to_be_visible()
    expect(page.locator("[data-mark-said]")).to_contain_text("Reviewed. Undo")
    page.keyboard.press("r")
    page.keyboard.press("z")
    expect(page.locator("[data-mark-said]")).to_have_text("Taken back.")
    expect(page.locator(f"[data-marks][data-conversation='{order[1]}']")).to_be_visible()
    assert inside("reviews_of('analyst')") == [order[0]]


def test_keeps_what_arrived_waiting_while_one_goes_on(visit: Visit, inside: Inside) -> None:
    wave = inside("tagged(4, 'Wave')")
    page = visit("/me/", viewport=WIDE)
    page.clock.install()
    page.goto("/conversations/?tag=wave&reviewed=no&sort=csat")
    _first(page)
    arrived = page.locator("[data-arrivals]")
    inside("arrived('Wave', {'wave-1': 3, 'wave-2': None})")
    page.clock.run_for(31_000)
    expect(arrived).to_contain_text("2 new conversations match.")
    here = page.url
    page.keyboard.press("r")  # takes one of one's own from the list
    page.wait_for_url(lambda url: url != here)
    page.clock.run_for(1_000)
    expect(arrived).to_contain_text("2 new conversations match.")
    inside("arrived('Wave', {'wave-3': 5})")
    page.clock.run_for(31_000)
    expect(arrived).to_contain_text("3 new conversations match.")
    # As many go as come, by somebody else.
    gone = next(ident for ident, _, _ in wave if ident not in page.url and ident not in here)
    inside(f"[arrived('Wave', {{'wave-4': 4}}), reviewed_by('admin', {[gone]!r})]")
    page.clock.run_for(31_000)
    expect(arrived).to_contain_text("4 new conversations match.")


@pytest.fixture
def many_tags(inside: Inside) -> Iterator[None]:
    inside("known_tags(230)")
    yield
    inside("forget_tags()")


@pytest.mark.usefixtures("many_tags")
def test_offers_a_tag_that_the_page_does_not_hold(visit: Visit) -> None:
    page = visit("/conversations/?sort=first_response", viewport=WIDE)
    _first(page)
    offered = page.locator("#known-tags option")
    expect(offered).to_have_count(200)
    page.keyboard.press("t")
    page.keyboard.type("E 22")
    expect(offered).to_have_count(10)
    expect(offered.first).to_have_attribute("value", "Case 220")


def test_keeps_a_half_typed_tag_while_another_answer_arrives(visit: Visit) -> None:
    page = visit("/conversations/?sort=first_response", viewport=WIDE)
    _first(page)
    field = page.locator("#mark-tag")
    page.keyboard.press("t")
    page.keyboard.type("Half a w")
    page.locator("[data-key=flag]").click()
    expect(page.locator("[data-mark-said]")).to_contain_text("Flag")
    page.keyboard.press("t")
    expect(field).to_have_value("Half a w")
    page.keyboard.type("ord")
    page.keyboard.press("Enter")
    expect(page.locator("[data-marks-section]")).to_contain_text("Half a word")
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def test_keeps_a_draft_over_esc_and_a_reload(visit: Visit) -> None:
    page = visit("/conversations/?sort=-mcs", viewport=WIDE)
    _first(page)
    page.keyboard.press("J")
    page.keyboard.press("c")
    page.keyboard.type("Half a thou")
    page.keyboard.press("Escape")
    expect(page.locator(".note-form")).to_have_count(0)
    page.reload()
    page.keyboard.press("J")
    page.keyboard.press("c")
    expect(page.locator(".note-form textarea")).to_have_value("Half a thou")
    page.keyboard.type("ght")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".turn .note-line")).to_contain_text("Half a thought")
    expect(page.locator(".has-draft")).to_have_count(0)
    page.reload()
    page.keyboard.press("J")
    page.keyboard.press("c")
    expect(page.locator(".note-form textarea")).to_have_value("")


def test_tries_again_when_the_connection_is_back(visit: Visit) -> None:
    page = visit("/conversations/?sort=-duration", viewport=WIDE)
    _first(page)
    lost = "**/notes?**"
    page.route(lost, lambda route: route.abort("aborted"))
    page.keyboard.press("c")
    page.keyboard.type("Kept through the tunnel")
    page.keyboard.press("Control+Enter")
    said = page.locator("[data-mark-said]")
    expect(said).to_have_text("Not saved: no connection. Kept here, trying again.")
    page.unroute(lost)
    expect(said).to_contain_text("Note saved.", timeout=15_000)
    expect(page.locator("[data-marks-section] .note-line")).to_have_count(1)


def test_keeps_a_note_over_a_new_sign_in(visit: Visit, filled: Product) -> None:
    page = visit("/login/", who="", viewport=WIDE)
    sign_in(page, filled, "admin")
    page.goto("/conversations/?sort=messages")
    _first(page)
    address = page.url
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("c")
    page.keyboard.type("Not lost")
    page.keyboard.press("Control+Enter")
    said = page.locator("[data-mark-said]")
    expect(said).to_contain_text("You were signed out. Sign in again; your note is kept.")
    said.get_by_role("link", name="Sign in").click()
    sign_in(page, filled, "admin")
    page.wait_for_url(lambda url: url.split("#")[0] == address.split("#")[0])
    page.keyboard.press("c")
    expect(page.locator("#mark-note")).to_have_value("Not lost")
    page.keyboard.press("Control+Enter")
    expect(said).to_contain_text("Note saved.")


def test_marks_without_scripts(visit: Visit) -> None:
    page = visit("/conversations/?sort=-messages", java_script_enabled=False, viewport=WIDE)
    _first(page)
    first = page.url
    page.get_by_role("button", name="Flag", exact=True).click()
    expect(page.locator("[data-mark-said]")).to_contain_text("Flagged.")
    page.locator("summary", has_text="Tag").click()
    page.locator("#mark-tag").fill("By hand")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("[data-marks-section]")).to_contain_text("By hand")
    page.locator(".note-link").first.click()
    page.get_by_label("Note").fill("On one message")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".turn .note-line")).to_contain_text("On one message")
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Delete this note").click()
    expect(page.locator(".turn .note-line")).to_have_count(0)
    page.get_by_role("button", name="Reviewed, next").click()
    assert page.url.split("#")[0] != first.split("#")[0]
    page.get_by_role("button", name="Undo").click()
    assert page.url.split("#")[0] == first.split("#")[0]
