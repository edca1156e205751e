"""On paper in black and white: who says what, marks and ratings are read without a colour or a background."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

BLACK = "rgb(0, 0, 0)"
# What is drawn: words with something of theirs on the page.
COLOURS = """root => {
    const says = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const drawn = [...root.querySelectorAll("*")].filter(element => element.checkVisibility() && says(element));
    return [...new Set(drawn.map(element => getComputedStyle(element).color))];
}"""
RULE = "body => { const of = getComputedStyle(body); return [of.borderInlineStartStyle, of.borderInlineStartColor]; }"
CLEAR = "rgba(0, 0, 0, 0)"


def _on_paper(page: Page, scheme: str) -> None:
    page.emulate_media(media="print", color_scheme=scheme)


def _open_first(page: Page, tail: str = "") -> str:
    """The path of the first of the list."""
    address = page.locator("table.conversations a.row-link").first.get_attribute("href") or ""
    path = address.split("?")[0]
    page.goto(f"{path}{tail}" if tail else address)
    page.wait_for_load_state("networkidle")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_prints_a_transcript_in_black(visit: Visit, scheme: str) -> None:
    page = visit("/conversations/?sort=-messages&handled_by=both", color_scheme=scheme)
    _open_first(page, "print?notes=1&automatic=1")
    _on_paper(page, scheme)
    expect(page.locator(".sheet-choices")).to_be_hidden()
    assert page.locator(".sheet").evaluate(COLOURS) == [BLACK]


def test_tells_speakers_apart_by_name_word_and_rule(visit: Visit) -> None:
    page = visit("/conversations/?sort=-messages&handled_by=both")
    _open_first(page, "print?notes=1&automatic=1")
    _on_paper(page, "light")
    kinds = {"consumer": ("solid", CLEAR), "agent": ("solid", BLACK), "bot": ("dashed", None)}
    for kind, (style, colour) in kinds.items():
        turn = page.locator(f".transcript > .turn-{kind}:not(.turn-same)").first
        expect(turn.locator(".turn-name")).to_have_text(re.compile(r"\w"))
        found = turn.locator(".turn-body").evaluate(RULE)
        assert found[0] == style and (colour is None or found[1] == colour), kind
    for bot in page.locator(".transcript > .turn-bot:not(.turn-same) .turn-name").all_inner_texts():
        assert bot.endswith("bot")


def test_underlines_what_was_found(visit: Visit) -> None:
    page = visit("/conversations/?q=order")
    mark = "mark => [getComputedStyle(mark).textDecorationLine, getComputedStyle(mark).backgroundColor]"
    _on_paper(page, "light")
    assert page.locator(".snippet-row mark").first.evaluate(mark) == ["underline", CLEAR]
    _open_first(page)
    assert page.locator(".transcript mark").first.evaluate(mark) == ["underline", CLEAR]


def test_prints_marks_and_ratings_as_words_or_signs(visit: Visit) -> None:
    page = visit(
        "/conversations/?sort=csat&survey=answered&columns=mark.csat.mcs.started_at",
        viewport={"width": 1440, "height": 900},
    )
    _on_paper(page, "light")
    row = page.locator("table.conversations tbody tr").first
    expect(row.locator(".cell-mark")).to_contain_text(re.compile("Reviewed|Not reviewed"))
    assert re.fullmatch(r"[1-5]", row.locator(".cell-csat").inner_text().strip()[-1])
    assert (
        re.search(r"\d+\s*[▲◆▼]", row.locator(".cell-mcs").inner_text()) or row.locator(".cell-mcs").inner_text() == "–"
    )
    page.emulate_media(media="screen")
    _open_first(page)
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_contain_text(re.compile("Flag"))
    _on_paper(page, "light")
    section = page.locator("[data-marks-section]")
    expect(section).to_be_visible()
    expect(section).to_contain_text(re.compile(r"Flag\s*(by you|none)"))
    page.emulate_media(media="screen")
    page.keyboard.press("z")
    expect(page.locator("[data-mark-said]")).to_contain_text("Taken back.")
