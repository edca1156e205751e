"""What is marked while the connection is lost waits, survives the page, and is sent once it is back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Inside, Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("unmarked")]

WIDE = {"width": 1440, "height": 900}
KEPT = "Not saved: no connection. Kept here, trying again."
WAIT = "count => Object.keys(localStorage).filter(name => name.startsWith('readback-waiting:')).length === count"


def _open(visit: Visit, path: str) -> Page:
    page = visit(path, viewport=WIDE)
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    return page


def _again(visit: Visit, page: Page, kind: str) -> Page:
    """The same, where a mark of a kind may be refused."""
    address, url = page.url, page.locator(f"form[data-mark={kind}]").get_attribute("action") or ""
    page.close()
    return visit(address[address.index("/conversations/") :], viewport=WIDE, refusing=url)


def _ident(page: Page) -> str:
    return page.url.split("/")[4]


def _cut(page: Page) -> Callable[[], None]:
    """Nothing is answered any more until what is given back is called."""
    page.context.route("**/*", lambda route: route.abort("aborted"))
    return lambda: page.context.unroute("**/*")


def _on(page: Page, count: int) -> None:
    for _ in range(count):
        here = _ident(page)
        page.keyboard.press("j")
        page.wait_for_url(lambda url, here=here: f"/{here}/" not in url)
        page.wait_for_load_state("networkidle")


def test_saves_what_was_marked_before_moving_on(visit: Visit, inside: Inside) -> None:
    inside("tagged(6, 'Tunnel')")
    page = _open(visit, "/conversations/?tag=tunnel&sort=csat")
    first = _ident(page)
    mend = _cut(page)
    page.keyboard.press("r")
    expect(page.locator("[data-mark-said]")).to_have_text(KEPT)
    page.keyboard.press("j")  # fetched ahead
    page.wait_for_url(lambda url: f"/{first}/" not in url)
    expect(page.locator("[data-mark-said]")).to_contain_text(
        "No connection, trying again. What you marked is kept here."
    )
    second = page.url
    page.keyboard.press("j")  # not fetched
    page.wait_for_timeout(300)
    assert page.url == second
    expect(page.locator("h1")).to_be_visible()
    mend()
    page.wait_for_url(lambda url: url != second, timeout=15_000)
    expect(page.locator("h1 .unseen")).to_contain_text(", 3 of 6")
    page.wait_for_function(WAIT, arg=0)
    assert inside("reviews_of('analyst')").count(first) == 1


@pytest.mark.parametrize("later", ["the same page", "another page"])
def test_sends_what_waits_from_the_next_page(visit: Visit, inside: Inside, later: str) -> None:
    inside(f"tagged(12, {later!r})")
    page = _open(visit, f"/conversations/?tag={later.replace(' ', '+')}&sort=-mcs")
    _on(page, 8 if later == "the same page" else 9)
    mend = _cut(page)
    here = _ident(page)
    page.keyboard.press("r")
    expect(page.locator("[data-mark-said]")).to_have_text(KEPT)
    mend()
    address = page.url
    page.goto(address if later == "the same page" else "/me/")
    page.wait_for_function(WAIT, arg=0)
    assert inside("reviews_of('analyst')").count(here) == 1
    if later == "the same page":
        assert page.url == address
        expect(page.locator("[data-mark-said]")).to_contain_text("Reviewed. Undo")


def test_sends_flags_in_the_order_in_which_they_were_put_up_and_taken_down(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=-duration")
    mend = _cut(page)
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_have_text(KEPT)
    page.keyboard.press("t")
    page.keyboard.type("In order")
    page.keyboard.press("Enter")
    page.wait_for_function(WAIT, arg=2)
    sent: list[str] = []
    page.on(
        "request", lambda request: request.method == "POST" and sent.append(request.url.split("?")[0].split("/")[-1])
    )
    mend()
    expect(page.locator("[data-marks-section]")).to_contain_text("In order", timeout=15_000)
    page.wait_for_function(WAIT, arg=0)
    assert sent[-2:] == ["flag", "tags"]
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_contain_text("Flag taken down.")


def test_takes_back_what_was_marked_last_also_where_that_had_waited(visit: Visit, inside: Inside) -> None:
    inside("tagged(4, 'Lately')")
    page = _open(visit, "/conversations/?tag=lately&sort=csat")
    first = _ident(page)
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_contain_text("Flagged. Undo")
    mend = _cut(page)
    for place in ("2 of 4", "3 of 4"):
        page.keyboard.press("r")
        expect(page.locator("[data-mark-said]")).to_have_text(KEPT)
        if place == "3 of 4":  # which is not fetched ahead, and will be tried more often than the marks by then
            page.wait_for_timeout(9_000)
        page.keyboard.press("j")
        if place == "3 of 4":
            expect(page.locator("[data-mark-said]")).to_have_text(KEPT)
            mend()
        expect(page.locator("h1 .unseen")).to_contain_text(f", {place}", timeout=15_000)
    page.wait_for_function(WAIT, arg=0)
    expect(page.locator("[data-mark-said]")).to_contain_text("Reviewed. Undo")
    expect(page.locator(".pane-row .pane-mark .unseen")).to_have_text(["Reviewed by you, flagged", "Reviewed by you"])
    page.keyboard.press("z")
    expect(page.locator("[data-mark-said]")).to_have_text("Taken back.")
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of 4")
    assert inside("reviews_of('analyst')") == [first]


def test_stays_where_it_is_until_the_next_one_can_be_fetched(visit: Visit) -> None:
    page = visit("/conversations/?sort=-duration&status=closed", viewport=WIDE)
    page.context.route(
        "**/*", lambda r: r.abort("aborted") if "x-readback-prefetch" in r.request.headers else r.continue_()
    )
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    here = page.url
    mend = _cut(page)
    page.keyboard.press("j")
    expect(page.locator("[data-mark-said]")).to_have_text("No connection, trying again.")
    assert page.url == here
    mend()
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of ", timeout=15_000)


def test_tells_a_refusal_from_a_lost_connection(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=-messages&status=closed")
    address = page.locator("form[data-mark=note]").get_attribute("action") or ""
    page.close()
    page = visit(f"{address.split('/notes')[0]}/?sort=-messages&status=closed", viewport=WIDE, refusing=address)
    page.keyboard.press("c")
    page.locator("#mark-note").evaluate("field => { field.value = 'x'.repeat(70_000); }")
    page.keyboard.press("Control+Enter")
    error = page.locator("[data-fold=note] [data-error]")
    expect(error).to_have_text(re.compile(r"^A note has at most [\d,]+ characters; this one has 70,000\."))
    expect(page.locator("#mark-note")).to_be_focused()
    page.context.route("**/notes?**", lambda route: route.fulfill(status=413, body="too large"))
    page.keyboard.press("Control+Enter")
    expect(error).to_have_text("Not saved: it was refused (413).")
    assert page.evaluate(WAIT, 0)


def test_tells_a_proxys_refusal_from_a_session_that_is_over(visit: Visit) -> None:
    """No sign-in helps against it, and it holds up nothing behind it."""
    page = _again(visit, _open(visit, "/conversations/?sort=-messages&status=closed"), "flag")
    page.context.route("**/flag?**", lambda route: route.fulfill(status=403, body="blocked"))
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_have_text("Not saved: it was refused (403).")
    assert page.evaluate(WAIT, 0)


def test_says_where_nothing_can_be_kept(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=-messages&status=closed")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('refused'); }; }")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-key=flag]").click()
    said = page.locator("[data-mark-said]")
    expect(said).to_contain_text("Sign in again; your mark is not kept: this browser stores nothing.")


def test_sends_everything_that_was_put_on_one_conversation(visit: Visit, inside: Inside) -> None:
    page = _open(visit, "/conversations/?sort=-duration")
    mend = _cut(page)
    for name in ("Waits first", "Waits second"):
        if page.locator("[data-fold=tag]").get_attribute("open") is None:
            page.keyboard.press("t")
        page.locator("[data-fold=tag] [data-field]").fill(name)
        page.keyboard.press("Enter")
    page.wait_for_function(WAIT, arg=2)
    mend()
    page.wait_for_function(WAIT, arg=0, timeout=20_000)
    for name in ("Waits first", "Waits second"):
        expect(page.locator("[data-marks-section]")).to_contain_text(name)


def test_goes_on_where_readback_itself_is_still_starting(visit: Visit, inside: Inside) -> None:
    inside("tagged(4, 'Starting')")
    page = _again(visit, _open(visit, "/conversations/?tag=starting&sort=csat"), "review")
    here, answers = _ident(page), ["lost"] * 3 + ["starting"] * 2

    def answer(route: Route) -> None:
        if route.request.method != "POST" or not answers:
            route.continue_()
        elif answers.pop(0) == "lost":
            route.abort("aborted")
        else:
            route.fulfill(status=503, body="starting")

    page.context.route("**/*", answer)
    page.keyboard.press("r")
    page.wait_for_url(lambda url: f"/{here}/" not in url, timeout=40_000)
    page.wait_for_function(WAIT, arg=0)
    assert inside("reviews_of('analyst')").count(here) == 1


def test_says_what_was_refused_once_somebody_can_hear_it(visit: Visit) -> None:
    page = _again(visit, _open(visit, "/conversations/?sort=-duration"), "note")
    address = page.url
    url = page.locator("form[data-mark=note]").get_attribute("action")
    page.evaluate(
        """url => {
          const { person } = document.documentElement.dataset;
          const mark = { kind: "note", conversation: "of-yesterday", url, fields: [["text", " "]] };
          localStorage.setItem(`readback-waiting:${person}:${Date.now()}:000001:0`, JSON.stringify(mark));
          localStorage.setItem(`readback-waiting:${person}:${Date.now()}:000002:0`, "{damaged");
          localStorage.setItem("readback-waiting:999999:1:000001:0", JSON.stringify(mark));
        }""",
        url,
    )
    page.goto("/me/")
    page.wait_for_function("() => Object.values({ ...localStorage }).some(text => text.includes('\"error\":'))")
    assert page.evaluate(WAIT, 1)
    page.goto(address)
    expect(page.locator("[data-mark-said]")).to_have_text("A mark on another conversation was not saved.")
    page.wait_for_function(WAIT, arg=0)


def test_puts_what_was_answered_first_in_place_first(visit: Visit) -> None:
    page = _open(visit, "/conversations/?sort=csat")
    held: list[Route] = []
    page.route("**/reader/answered*.js", lambda route: held.append(route))
    page.keyboard.press("f")
    page.wait_for_function(WAIT, arg=0)
    page.keyboard.press("t")
    page.keyboard.type("Quick")
    with page.expect_response("**/tags?*"):
        page.keyboard.press("Enter")
    assert held  # both are answered before the script that puts answers in place is there
    for route in held:
        route.continue_()
    expect(page.locator(".mark-tags")).to_contain_text("Quick")
    expect(page.locator("[data-mark-said]")).to_contain_text("Tagged. Undo")
    expect(page.locator("[data-key=flag]")).to_have_text(re.compile("Flagged"))
    page.locator("[data-key=undo]").click()
    expect(page.locator("[data-mark-said]")).to_have_text("Taken back.")
    page.keyboard.press("Escape")
    page.locator("[data-key=flag]").click()
    expect(page.locator("[data-mark-said]")).to_contain_text("Flag taken down.")


def test_says_that_a_saved_mark_cannot_be_shown_where_the_connection_ends_behind_its_answer(
    visit: Visit, inside: Inside
) -> None:
    inside("tagged(3, 'Halfway')")
    page = _open(visit, "/conversations/?tag=halfway&sort=csat")
    here, script = _ident(page), "**/js/reader/answered*.js"
    page.context.route(script, lambda route: route.abort("aborted"))
    page.keyboard.press("r")
    expect(page.locator("[data-mark-said]")).to_have_text(
        "This page could not be brought up to date. Reload it to see what was saved."
    )
    assert _ident(page) == here
    assert inside("reviews_of('analyst')").count(here) == 1
    page.context.unroute(script)
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_contain_text("Flagged. Undo")
    expect(page.locator("[data-key=unreview]")).to_have_count(1)


@pytest.mark.parametrize("script", ["answered", "refused"])
def test_says_what_was_refused_where_the_connection_ends_behind_the_answer(
    visit: Visit, inside: Inside, script: str
) -> None:
    inside(f"tagged(2, 'Refusal {script}')")
    page = _open(visit, f"/conversations/?tag=refusal+{script}&sort=csat")
    page = _again(visit, page, "flag")
    page.context.route("**/flag?**", lambda route: route.fulfill(status=409, json={"error": "Somebody was first."}))
    page.context.route(f"**/js/*/{script}*.js", lambda route: route.abort("aborted"))
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_have_text("Somebody was first.")


def test_takes_back_a_review_that_was_answered_while_words_were_typed(visit: Visit, inside: Inside) -> None:
    inside("tagged(3, 'Typing')")
    page = _open(visit, "/conversations/?tag=typing&sort=csat")
    here, held = _ident(page), []
    page.route("**/review?**", lambda route: held.append(route))
    page.keyboard.press("r")
    page.keyboard.press("t")
    page.wait_for_function("() => document.activeElement.matches('[data-field]')")
    held[0].continue_()
    expect(page.locator("[data-mark-said]")).to_contain_text("Reviewed. Undo")
    assert _ident(page) == here
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.locator("[data-mark-said]")).to_have_text("Taken back.")
    assert inside("reviews_of('analyst')").count(here) == 0
