"""The reader by keyboard alone, heard and not seen: the focus always has a place, and words tell what came of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Inside, Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("unmarked")]

WIDE = {"width": 1440, "height": 900}
FOCUSED = "() => document.activeElement.dataset.key || document.activeElement.textContent.replace(/\\s+/g, ' ').trim()"
# Every text that a live region of the page gets after it is there.
HEAR = """() => { window.heard = [];
    new MutationObserver(changes => changes.forEach(({target}) => {
        const region = (target.nodeType === 1 ? target : target.parentElement)?.closest("[role=status]");
        const words = region?.textContent.replace(/\\s+/g, " ").trim();
        if (words && window.heard.at(-1) !== words) window.heard.push(words);
    })).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""


def _open(visit: Visit, path: str, row: int = 0) -> Page:
    page = visit(path, viewport=WIDE)
    page.locator("table.conversations a.row-link").nth(row).click()
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    return page


def _tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        if page.evaluate(FOCUSED) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not to be reached")


def _press(page: Page, selector: str) -> None:
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")


def test_keys_that_change_nothing_to_be_seen_say_what_they_did(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=-messages", row=4)
    page.keyboard.press("z")
    expect(page.locator("[data-mark-said]")).to_have_text("Nothing to take back.")
    for is_shown in ("hidden", "shown"):
        with page.expect_response("**/me/panes/"):
            page.keyboard.press("i")
        expect(page.locator("[data-said]")).to_have_text(f"The context is {is_shown}.")
    page.set_viewport_size({"width": 1024, "height": 900})
    expect(page.locator("main > header + aside")).to_have_count(1)  # it has heard of its width
    for is_shown in ("shown", "hidden"):
        page.keyboard.press("i")
        expect(page.locator("[data-said]")).to_have_text(f"The context is {is_shown}.")


def test_says_that_nothing_is_left_to_take_back(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=-messages", row=5)
    said = page.locator("[data-mark-said]")
    page.keyboard.press("f")
    expect(said).to_contain_text("Flagged.")
    page.keyboard.press("z")
    expect(said).to_have_text("Taken back.")
    page.keyboard.press("z")
    expect(said).to_have_text("Nothing to take back.")


def test_keeps_a_place_for_the_focus_whatever_is_pressed(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=mcs", row=3)
    page.goto(page.url.split("?")[0], wait_until="networkidle")  # by itself: reviewed, it stays
    said = page.locator("[data-mark-said]")
    summary = "[data-fold=tag] > summary"
    for key, marked in (("flag", "Flagged."), ("review", "Reviewed.")):
        _press(page, f"[data-key={key}]")
        expect(said).to_contain_text(marked)
        expect(page.locator(f"[data-key={key}]")).to_be_focused()
        _press(page, "[data-key=undo]")
        expect(said).to_have_text("Taken back.")
        expect(page.locator(f"[data-key={key}]")).to_be_focused()
    _press(page, "[data-key=review]")
    expect(said).to_contain_text("Reviewed.")
    _press(page, "[data-key=unreview]")
    expect(said).to_contain_text("Not reviewed any more.")
    expect(page.locator("[data-fold=marks] > summary")).to_be_focused()
    _press(page, summary)
    page.locator("#mark-tag").fill("Passing")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Tagged.")
    _press(page, ".mark-tags button")
    expect(said).to_contain_text("Tag taken off.")
    expect(page.locator(summary)).to_be_focused()
    expect(page.locator("details[data-menu][open]")).to_have_count(0)
    page.keyboard.press("f")  # keys are awake
    expect(said).to_contain_text("Flagged.")


@pytest.fixture
def without_keys(visit: Visit) -> Iterator[None]:
    page = visit("/me/")

    def switch(is_on: bool) -> None:
        page.get_by_label("Single-key shortcuts").set_checked(is_on)
        page.get_by_role("button", name="Save").click()
        page.wait_for_load_state("networkidle")

    switch(False)
    yield
    page.goto("/me/")
    switch(True)


@pytest.mark.usefixtures("without_keys")
@pytest.mark.parametrize("is_ahead", [True, False])
def test_reviews_one_after_the_other_by_tab_and_enter(visit: Visit, inside: Inside, is_ahead: bool) -> None:
    name = f"Tabs {is_ahead}".casefold()
    inside(f"tagged(3, {name!r})")
    page = visit(f"/conversations/?tag={name.replace(' ', '+')}&reviewed=no&sort=csat", viewport=WIDE)
    if not is_ahead:
        page.context.route(
            "**/*",
            lambda route: (
                route.abort("aborted") if "x-readback-prefetch" in route.request.headers else route.continue_()
            ),
        )
    _press(page, "table.conversations a.row-link")
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    page.evaluate(HEAR)
    for left in (2, 1):
        page.locator("body").press("Tab")
        _tab_to(page, "review")
        page.keyboard.press("Enter")
        # The place is said as it is by then: the list has lost the one before.
        expect(page.locator("h1 .unseen")).to_contain_text(f", 1 of {left}")
        expect(page.locator("h1")).to_be_focused()
        expect(page.locator(".list-pane .reader-rank")).to_have_text(f"1 of {left}")
        expect(page.locator(".list-pane [data-late-count]")).to_have_text(
            f"{left} conversation{'s' if left > 1 else ''}"
        )
        page.wait_for_function("() => window.heard.some(words => words.startsWith('Reviewed. Undo'))")
        page.evaluate("() => { window.heard = []; }")
    _tab_to(page, "review")
    page.keyboard.press("Enter")
    expect(page.locator("[data-mark-said]")).to_contain_text("End of the list: 3 read, 3 reviewed, 0 skipped.")
    expect(page.locator("[data-key=review]")).to_be_focused()
    assert page.evaluate("window.heard").pop().startswith("Reviewed. Undo z End of the list: 3 read, 3 reviewed")


@pytest.mark.usefixtures("without_keys")
def test_copies_the_link_of_the_message_that_was_left_for_the_button(visit: Visit) -> None:
    page = visit("/conversations/?sort=-messages", viewport=WIDE, permissions=["clipboard-read", "clipboard-write"])
    _press(page, "table.conversations a.row-link")
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    said = page.locator("[data-said]")
    _press(page, "[data-copy-link]")
    expect(said).to_have_text("Link to this conversation copied.")
    page.locator(".turn a:visible").nth(4).focus()  # not of a folded run
    ident = page.locator(".turn:focus-within").get_attribute("id")
    _press(page, "[data-copy-link]")
    expect(said).to_have_text("Link to this message copied.")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"#{ident}")
    page.locator(".pane-row[tabindex='0']").focus()
    _press(page, "[data-copy-link]")
    expect(said).to_have_text("Link to this conversation copied.")


def test_skips_the_transcript_to_the_context_and_back_to_the_marks(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=-messages")
    page.locator("[data-press=J]").focus()
    page.evaluate("window.scrollTo(0, 600)")
    skips = []
    for name, target in (("Skip to the context", "aside#context"), ("Skip to the marks", "#mark-review")):
        _tab_to(page, name)
        expect(page.locator(".skip:focus")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator(target)).to_be_focused()
        skips.append(name)
    page.keyboard.press("i")
    expect(page.locator("aside")).to_be_hidden()
    expect(page.locator(".skip[href='#context']").first).to_be_hidden()
    with page.expect_response("**/me/panes/"):
        page.keyboard.press("i")


def test_says_where_the_list_begins_and_ends(visit: Visit, inside: Inside) -> None:
    inside("tagged(2, 'Pair')")
    page = _open(visit, "/conversations/?tag=pair&sort=csat")
    said = page.locator("[data-mark-said]")
    page.keyboard.press("k")
    expect(said).to_have_text("First conversation of this list.")
    page.keyboard.press("j")
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of 2")
    page.keyboard.press("f")
    expect(said).to_contain_text("Flagged. Undo")
    page.keyboard.press("j")
    expect(said).to_contain_text(re.compile(r"Flagged\. Undo.*Last conversation of this list\.$"))
    page.keyboard.press("z")
    expect(said).to_have_text("Taken back.")


def test_goes_back_to_the_place_that_a_link_within_the_transcript_led_away_from(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=-messages")
    stands_at = "top => Math.round(window.scrollY) === top"
    page.evaluate("window.scrollTo(0, 200)")
    before = page.evaluate("Math.round(window.scrollY)")
    page.locator(".turn .turn-time").last.evaluate("link => link.click()")
    # Where it stands is kept a moment after the last scrolling.
    page.wait_for_function(
        "top => window.scrollY > top + 100 && history.state?.place?.top === window.scrollY", arg=before
    )
    after = page.evaluate("Math.round(window.scrollY)")
    page.go_back()
    page.wait_for_function(stands_at, arg=before)
    page.go_forward()
    page.wait_for_function(stands_at, arg=after)


def test_shows_the_mark_on_the_row_of_the_one_before(visit: Visit, inside: Inside) -> None:
    inside("tagged(2, 'Rows')")
    page = _open(visit, "/conversations/?tag=rows&sort=csat")
    row = page.locator(".pane-row").first
    page.keyboard.press("f")
    expect(row.locator(".pane-mark")).to_have_text(re.compile("Not reviewed, flagged"))
    page.keyboard.press("r")
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of 2")
    expect(row.locator(".pane-mark .unseen")).to_have_text("Reviewed by you, flagged")
    expect(row.locator(".pane-mark [aria-hidden]")).to_have_text("✓⚑")
    page.keyboard.press("k")
    expect(page.locator("h1 .unseen")).to_contain_text(", 1 of 2")
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_contain_text("Flag taken down.")


def test_moves_nothing_for_who_wants_no_motion(visit: Visit) -> None:
    page = visit("/conversations/?sort=-messages", viewport=WIDE, reduced_motion="reduce")
    page.add_init_script("""
        window.moved = [];
        const note = (name, how) => { if (how?.behavior === "smooth") window.moved.push(name); };
        const ways = [[Element.prototype, "scrollIntoView"], [window, "scrollTo"], [window, "scrollBy"]];
        for (const [place, name] of ways) {
            const own = place[name];
            place[name] = function (...how) { note(name, how[0]); return own.apply(this, how); };
        }
        for (const kind of ["transitionrun", "animationstart"])
            addEventListener(kind, ({target}) => window.moved.push(`${kind} ${target.className}`), true);
    """)
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    for key in ("J", "J", "]", "a", "i", "i", "f", "z", "?", "Escape", "j", "k"):
        page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
    page.locator("button:visible").first.hover()
    page.locator(".turn .turn-time").last.evaluate("link => link.click()")
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    moving = """() => [...document.querySelectorAll("*")]
        .flatMap(each => [null, "::before", "::after"].map(part => getComputedStyle(each, part)))
        .filter(({animationName, transitionDuration, scrollBehavior}) =>
            animationName !== "none" || parseFloat(transitionDuration) || scrollBehavior === "smooth").length"""
    assert page.evaluate(moving) == 0
    assert page.evaluate("window.moved") == [] and page.evaluate("document.getAnimations().length") == 0
