"""Reading one conversation after the other: panes, keys, the browser's own history and search."""

import re
import subprocess
import sys
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.browser.conftest import Visit
from tests.environment import clean
from tests.product import ROOT, Product

pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}
# Nothing arrives any more among those of two weeks ago.
LIST = f"/conversations/?sort=-messages&status=closed&started_to={date.today() - timedelta(days=14)}"


def _open(visit: Visit, row: int = 0, path: str = LIST, **context: Any) -> Page:
    """The reader at a row of the list, reached by its link."""
    page = visit(path, **{"viewport": WIDE, **context})
    page.locator("table.conversations a.row-link").nth(row).click()
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    return page


TITLED = "() => document.title === `${document.querySelector('h1 .unseen').textContent.trim()} · Readback`"


def _name(page: Page) -> str:
    """Who and what, and its place; how many there are may change."""
    return page.locator("h1 .unseen").inner_text().rpartition(" of ")[0]


def _press(page: Page, key: str, expected: str) -> None:
    page.keyboard.press(key)
    expect(page.locator("h1 .unseen")).to_contain_text(expected)


def test_shows_list_transcript_and_context_beside_each_other(visit: Visit) -> None:
    page = _open(visit, row=2)
    panes = [page.locator(selector).bounding_box() for selector in (".list-pane", "main", "aside")]
    widths = [round(pane["width"]) for pane in panes if pane]
    assert widths[0] == 320 and widths[1] >= 560 and widths[2] == 300
    expect(page.locator(".pane-row[aria-current='true']")).to_contain_text(_name(page).split(",")[0])
    expect(page.locator(".list-pane .reader-rank")).to_have_text(re.compile(r"^3 of \d+"))


@pytest.mark.parametrize(("width", "has_list"), [(1024, True), (390, False)])
def test_folds_the_context_under_the_head_where_windows_are_narrow(visit: Visit, width: int, has_list: bool) -> None:
    page = _open(visit, viewport={"width": width, "height": 844})
    assert page.locator(".list-pane").is_visible() is has_list
    expect(page.locator("main > header + aside")).to_have_count(1)
    expect(page.locator("#context-survey")).to_be_hidden()
    page.keyboard.press("i")
    expect(page.locator("#context-survey")).to_be_visible()


def test_goes_through_the_list_by_key_and_by_history(visit: Visit) -> None:
    page = _open(visit)
    first = _name(page)
    urls = [page.url]
    for place in (2, 3):
        _press(page, "j", f", {place} of ")
        expect(page.locator("h1")).to_be_focused()
        urls.append(page.url)
    assert len(set(urls)) == 3
    # At one instant: the place changes with the list.
    page.wait_for_function(TITLED)
    page.go_back()
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of ")
    page.go_back()
    expect(page.locator("h1 .unseen")).to_contain_text(f"{first} of ")
    page.go_forward()
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of ")
    page.reload()
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of ")
    assert page.url == urls[1]
    _press(page, "k", ", 1 of ")
    page.keyboard.press("u")
    page.wait_for_url(lambda url: "#row-" in url)
    page.wait_for_load_state()
    expect(page.locator("a.row-link:focus")).to_have_attribute("href", re.compile(re.escape(urls[0].split("/")[4])))


@pytest.mark.parametrize("key", ["j", "k"])
def test_every_press_is_a_step_however_quick(visit: Visit, key: str) -> None:
    page = _open(visit)
    for place in (2, 3, 4, 5):
        _press(page, "j", f", {place} of ")
    for _ in range(3):
        page.keyboard.press(key)
    expect(page.locator("h1 .unseen")).to_contain_text(", 8 of " if key == "j" else ", 2 of ")
    page.wait_for_load_state("networkidle")
    # A key that is held down repeats itself: what comes while a page is under way is not owed.
    place, steps = (8, 1) if key == "j" else (2, -1)
    page.evaluate(
        """key => { for (const repeat of [false, true, true, true, true, true])
        document.dispatchEvent(new KeyboardEvent("keydown", { key, repeat, bubbles: true, cancelable: true })); }""",
        key,
    )
    expect(page.locator("h1 .unseen")).to_contain_text(f", {place + steps} of ")
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1 .unseen")).to_contain_text(f", {place + steps} of ")


def test_opens_the_next_one_without_asking_the_server_again(visit: Visit) -> None:
    page = _open(visit)
    following = page.locator("[data-key-next]").first.get_attribute("href") or ""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_request(lambda request: "x-readback-prefetch" in request.headers) as ahead:
        _press(page, "j", ", 2 of ")
    assert not [url for url in asked if url.endswith(following)]
    assert ahead.value.url.endswith(page.locator("[data-key-next]").first.get_attribute("href") or "?")


def test_asks_anew_for_what_was_fetched_long_ago(visit: Visit) -> None:
    page = visit(LIST, viewport=WIDE)
    page.clock.install()
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_url(re.compile(r"/conversations/[^/?]+/\?"))
    page.wait_for_load_state("networkidle")
    page.clock.fast_forward(1_000)
    page.wait_for_load_state("networkidle")
    page.clock.fast_forward(90_000)
    following = page.locator("[data-key-next]").first.get_attribute("href") or ""
    with page.expect_request(lambda request: request.url.endswith(following)):
        page.keyboard.press("j")
    page.clock.run_for(1_000)
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of ")


def test_keeps_a_closed_pane_closed(visit: Visit) -> None:
    page = _open(visit)
    with page.expect_response("**/me/panes/"):
        page.get_by_role("button", name="Close the list").click()
    with page.expect_response("**/me/panes/"):
        page.keyboard.press("i")
    expect(page.locator("aside")).to_be_hidden()
    _press(page, "j", ", 2 of ")
    expect(page.locator(".list-pane")).to_be_hidden()
    page.reload()
    expect(page.locator("aside")).to_be_hidden()
    expect(page.locator(".list-pane")).to_be_hidden()
    for button in ("Show the list", "Context"):
        with page.expect_response("**/me/panes/"):
            page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("aside")).to_be_visible()


def test_works_without_script(visit: Visit) -> None:
    page = _open(visit, java_script_enabled=False)
    first = _name(page)
    page.locator(".list-pane").get_by_role("link", name="Next").click()
    expect(page.locator("h1 .unseen")).not_to_contain_text(f"{first} of ")
    page.locator(".pane-row").first.click()
    expect(page.locator("h1 .unseen")).to_contain_text(f"{first} of ")
    page.locator(".more > summary").click()
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_label("Private notes")).not_to_be_checked()


def test_walks_falls_and_shows_them_in_the_trace(visit: Visit) -> None:
    page = _open(visit, path="/conversations/?sort=-mcs_fall&status=closed")
    page.keyboard.press("]")
    fallen = page.locator(".turn:focus")
    expect(fallen.locator(".turn-change")).to_contain_text("down")
    anchor = fallen.get_attribute("id")
    expect(page.locator(f".trace a[href='#{anchor}']")).to_have_count(1)
    seen = page.locator("[data-trace-seen]")
    assert float((seen.get_attribute("width") or "0").rstrip("%")) > 0
    page.locator("[data-show-automatic]").evaluate("box => box.click()")
    expect(page.locator("details[data-automatic]:not([open])")).to_have_count(0)


def test_sleeps_in_fields_and_after_switching_keys_off(visit: Visit) -> None:
    page = _open(visit)
    first = _name(page)
    page.locator("[data-search]").fill("")
    page.locator("[data-search]").press_sequentially("jk[]yai")
    expect(page.locator("[data-search]")).to_have_value("jk[]yai")
    assert _name(page) == first and page.locator("aside").is_visible()
    address = page.url

    def switch(is_on: bool) -> None:
        page.goto("/me/")
        page.get_by_label("Single-key shortcuts").set_checked(is_on)
        page.get_by_role("button", name="Save").click()
        page.wait_for_load_state("networkidle")
        page.goto(address, wait_until="networkidle")

    switch(False)
    try:
        for key in "jkuJKnN[]yairftcz?/":
            page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
        assert page.url == address and _name(page) == first and page.locator("aside").is_visible()
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        expect(page.locator("[data-marks]")).to_contain_text("Flag")
        expect(page.locator("[data-marks-section]")).to_contain_text("not yet")
        assert page.locator("details[data-menu][open], dialog[open], .mark-bar kbd:visible").count() == 0
        page.locator(".list-pane").get_by_role("link", name="Next").click()
        expect(page.locator("h1 .unseen")).to_contain_text(", 2 of ")
    finally:
        switch(True)
    _press(page, "j", ", 2 of ")


def test_hears_keys_that_are_pressed_before_its_scripts_are_here(visit: Visit) -> None:
    page = visit(LIST, viewport=WIDE)
    address = page.locator("table.conversations a.row-link").first.get_attribute("href") or ""
    held: list[Route] = []
    page.route(re.compile(r"/conversation-detail\.\w+\.js"), lambda route: held.append(route))
    page.goto(f"{address}#100%", wait_until="commit")  # not what an address may end in, and no reason to stop
    while not held or page.evaluate("document.readyState") == "loading":
        page.wait_for_timeout(50)
    page.keyboard.press("j")
    held[0].continue_()
    expect(page.locator("h1 .unseen")).to_contain_text(", 2 of ")


def test_walks_by_buttons_as_by_keys(visit: Visit) -> None:
    page = _open(visit)
    button = page.get_by_role("button", name="Next message")
    seen = []
    for _ in range(3):
        button.click()
        seen.append(page.locator(".turn:focus").get_attribute("id"))
    for _ in range(2):
        button.focus()
        page.keyboard.press("Enter")
        seen.append(page.locator(".turn:focus").get_attribute("id"))
    assert len(set(seen)) == 5


def test_copies_a_link_to_the_message_in_focus_and_the_whole_as_text(visit: Visit) -> None:
    page = _open(visit, permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("y")
    expect(page.locator("[data-said]")).to_have_text("Link to this conversation copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "zone=" in link and link.split("?")[0] == page.url.split("?")[0]
    page.keyboard.press("J")
    page.keyboard.press("J")
    page.keyboard.press("y")
    expect(page.locator("[data-said]")).to_have_text("Link to this message copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    page.goto(link)
    expect(page.locator(".turn:target")).to_be_in_viewport()
    page.locator(".more > summary").click()
    page.get_by_text("Copy as text", exact=True).click()
    expect(page.locator("[data-said]")).to_have_text("The transcript is copied as text.")
    assert page.evaluate("navigator.clipboard.readText()").startswith(_name(page).rsplit(",", 1)[0])


@pytest.mark.parametrize("path", [LIST, f"{LIST}&q=the"])
def test_moves_nothing_while_it_loads(visit: Visit, path: str) -> None:
    page = _open(visit, path=path)
    # What moved, and from where to where.
    watch = """() => new Promise(done => {
        const moved = [], place = ({x, y, width, height}) => [x, y, width, height].join(" ");
        const told = ({node, previousRect, currentRect}) =>
            `${node?.outerHTML?.slice(0, 60)}: ${place(previousRect)}, then ${place(currentRect)}`;
        const add = each => { if (!each.hadRecentInput) moved.push(...each.sources.map(told)); };
        new PerformanceObserver(list => list.getEntries().forEach(add)).observe({type: "layout-shift", buffered: true});
        setTimeout(() => done(moved), 500);
    })"""
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload(wait_until="networkidle")
        assert page.evaluate(watch) == [], width


@pytest.mark.parametrize("width", [1440, 1024])
def test_moves_nothing_when_much_is_said(visit: Visit, width: int) -> None:
    page = _open(visit, viewport={"width": width, "height": 900})
    places = """() => [".reader-head", ".message-steps", ".more"].map(name => {
        const {x, right, y, height} = document.querySelector(name).getBoundingClientRect();
        return [x, right, y, height].map(Math.round).join(" ");
    })"""
    page.keyboard.press("J")
    before = page.evaluate(places)
    page.keyboard.press("y")
    expect(page.locator("[data-copy-link]").first).to_have_text("Copied")
    assert page.evaluate(places) == before
    page.context.route("**/*", lambda route: route.abort("aborted"))
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_have_text("Not saved: no connection. Kept here, trying again.")
    assert page.evaluate(places) == before


_LONG = """
from datetime import timedelta
from django.utils import timezone
from interactions.models import Conversation
from tests import factories
if not Conversation.objects.filter(conversation_id="a-long-talk").exists():
    lines = [("consumer" if number % 2 else "agent", f"Line {number} of a long talk") for number in range(1000)]
    lines[899] = ("consumer", "the quokka is here")
    lines[10] = ("consumer", "w" * 50_000)
    lines[11] = ("agent", "مرحبا Ilse 👩‍👩‍👧 e" + chr(0x301) * 40)
    lines[12] = ("consumer", "<img src=x onerror=alert(1)><script>alert(2)</script>")
    factories.conversation(
        conversation_id="a-long-talk", agents=[factories.agent("Noor Haddad")], consumer=factories.consumer(),
        messages=lines, started_at=timezone.now() - timedelta(days=200),
    )
"""


@pytest.fixture(scope="module")
def long_talk(filled: Product, server_parts: dict[str, str]) -> str:
    """The address of a conversation of a thousand messages, strange ones among them."""
    env = clean(DATA_DIR=str(filled.folder), PORT=str(filled.port), **server_parts)
    subprocess.run([sys.executable, "manage.py", "shell", "-v", "0", "-c", _LONG], cwd=ROOT, env=env, check=True)
    return "/conversations/a-long-talk/"


def test_lets_the_browser_find_what_stands_far_below(visit: Visit, long_talk: str) -> None:
    page = visit(long_talk, viewport=WIDE)
    assert page.evaluate("window.find('quokka')")
    expect(page.locator(".turn", has_text="quokka")).to_be_in_viewport()
    target = page.locator(".turn", has_text="quokka").get_attribute("id")
    page.goto(f"{long_talk}#{target}")
    expect(page.locator(f"[id='{target}']")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1440, 390])
def test_wraps_what_never_ends(visit: Visit, long_talk: str, width: int) -> None:
    page = visit(long_talk, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.locator(".transcript img, .transcript script")).to_have_count(0)
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_have_count(1)


def test_never_hides_the_message_in_focus_behind_the_head(visit: Visit, long_talk: str) -> None:
    page = visit(long_talk, viewport=WIDE)
    page.evaluate("window.scrollTo(0, 6000)")
    for key in ("J", "J", "K", "K", "K"):
        page.keyboard.press(key)
        edge = page.locator(".reader-head").evaluate("head => head.getBoundingClientRect().bottom")
        top = page.locator(".turn:focus").evaluate("turn => turn.getBoundingClientRect().top")
        assert top >= edge - 1


# The first message that can be seen under the head, and how far below it it begins.
_STANDS = """() => {
  // On phones the head scrolls away.
  const edge = Math.max(document.querySelector(".reader-head").getBoundingClientRect().bottom, 0);
  const turns = [...document.querySelectorAll(".transcript .turn")];
  const turn = turns.find((one) => one.getBoundingClientRect().bottom > edge);
  return [turn.id, Math.round(turn.getBoundingClientRect().top - edge)];
}"""


@pytest.mark.parametrize("width", [1024, 390])
def test_shows_the_context_from_its_first_line_and_goes_back_to_where_it_was_called(
    visit: Visit, long_talk: str, width: int
) -> None:
    page = visit(long_talk, viewport={"width": width, "height": 700})
    page.evaluate("window.scrollTo(0, 6000)")
    left = page.evaluate(_STANDS)
    page.keyboard.press("i")
    expect(page.locator("aside summary").first).to_be_in_viewport(ratio=1)
    top = page.locator("aside summary").first.evaluate("summary => summary.getBoundingClientRect().top")
    edge = page.locator(".reader-head").evaluate("head => head.getBoundingClientRect().bottom")
    assert top >= edge - 1
    page.keyboard.press("i")
    assert page.evaluate(_STANDS) == left
    # Who has gone on reading stays there.
    page.keyboard.press("i")
    page.evaluate("window.scrollTo(0, 9000)")
    left = page.evaluate(_STANDS)
    page.keyboard.press("i")
    assert page.evaluate(_STANDS) == left
    # And so does who closed it by hand: where it was called once no longer counts.
    page.keyboard.press("i")
    page.locator("aside summary").first.click()
    page.evaluate("window.scrollTo(0, 0)")
    page.locator("aside summary").first.click()
    page.keyboard.press("i")
    assert page.evaluate("window.scrollY") < 100


@pytest.mark.parametrize("width", [1440, 390])
def test_comes_back_to_the_message_where_a_long_one_was_left(visit: Visit, long_talk: str, width: int) -> None:
    # Messages that were passed over in a jump are never drawn, and their heights are estimates.
    page = visit(f"{long_talk}?sort=-messages", viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('.transcript .turn')[880].scrollIntoView()")
    page.mouse.move(width / 2, 600)
    page.mouse.wheel(0, 100)
    page.wait_for_function("() => history.state?.place?.top === window.scrollY")
    page.wait_for_timeout(300)
    name, below = page.evaluate(_STANDS)
    assert "0-8" in name

    def stands() -> None:
        for _ in range(100):
            again, then = page.evaluate(_STANDS)
            if again == name and abs(then - below) <= 1:
                break
            page.wait_for_timeout(50)
        # And stays there.
        page.wait_for_timeout(300)
        again, then = page.evaluate(_STANDS)
        assert again == name and abs(then - below) <= 1, (again, then, name, below)

    page.reload(wait_until="networkidle")
    stands()
    page.keyboard.press("k") if page.locator("[data-key-previous]").count() else page.keyboard.press("j")
    page.wait_for_url(lambda url: long_talk not in url)
    page.wait_for_timeout(500)
    page.go_back()
    page.wait_for_url(lambda url: long_talk in url)
    stands()


_GROWN = """
from django.utils import timezone
from interactions.models import Conversation, Message, message_pk
from tests import factories
talk = Conversation.objects.filter(conversation_id="growing").first() or factories.conversation(
    conversation_id="growing", status="open", messages=[("consumer", "Anybody?")],
    agents=[factories.agent(liveperson_id="growing", pid="growing")],
)
if len(Message.objects.of(talk.pk)) < {count}:
    Message.objects.create(
        pk=message_pk(talk.pk, {count}), conversation=talk, message_id="grown-{count}", seq={count},
        sent_at=timezone.now(), speaker="agent", type="TEXT_PLAIN", text="Somebody is here", agent=talk.last_agent,
    )
    Conversation.objects.filter(pk=talk.pk).update(message_count={count})
"""


def test_announces_what_an_open_conversation_grows_by(
    visit: Visit, filled: Product, server_parts: dict[str, str]
) -> None:
    env = clean(DATA_DIR=str(filled.folder), PORT=str(filled.port), **server_parts)

    def grow(count: int) -> None:
        script = _GROWN.format(count=count)
        subprocess.run([sys.executable, "manage.py", "shell", "-v", "0", "-c", script], cwd=ROOT, env=env, check=True)

    grow(1)
    page = visit("/me/", viewport=WIDE)
    page.clock.install()
    page.goto("/conversations/growing/")
    grow(2)
    page.clock.run_for(16_000)
    expect(page.locator("[data-growth]")).to_contain_text("1 new message.")
    expect(page.get_by_text("Somebody is here")).to_have_count(0)
    page.locator("[data-growth] button").click()
    page.clock.run_for(1_000)
    expect(page.get_by_text("Somebody is here")).to_be_visible()
    expect(page.locator("[data-growth]")).to_be_empty()
    expect(page.locator(".transcript .turn:focus")).to_contain_text("Somebody is here")


def test_needs_little_script(visit: Visit) -> None:
    page = visit(LIST, viewport=WIDE)
    address = page.locator("table.conversations a.row-link").first.get_attribute("href") or ""
    sizes: dict[str, int] = {}

    def add(response: Response) -> None:
        if urlsplit(response.url).path.endswith(".js"):
            sizes[response.url] = len(response.body())

    page.on("response", add)
    page.goto(address, wait_until="networkidle")
    waiting = list(sizes)
    # What is asked for later, by marks above all, belongs to the page as well.
    while waiting:
        url = waiting.pop()
        for wanted in re.findall(r'import\("([^"]+)"\)|from "([^"]+)"', page.request.get(url).text()):
            later = urljoin(url, "".join(wanted))
            if later not in sizes:
                sizes[later] = len(page.request.get(later).body())
                waiting.append(later)
    assert len(sizes) > 30 and sum(sizes.values()) < 60_000, sizes


def test_walks_from_fall_to_fall_without_the_server(visit: Visit) -> None:
    page = _open(visit, path="/conversations/?sort=-mcs_fall&status=closed")
    page.context.route("**/*", lambda route: route.abort("aborted"))
    page.keyboard.press("]")
    expect(page.locator(".transcript .turn[data-fall]:focus")).to_have_count(1)


def test_says_that_no_fall_is_further_on_and_goes_on_from_what_is_seen(visit: Visit) -> None:
    page = _open(visit, path="/conversations/?sort=-mcs_fall&status=closed")
    falls = page.locator(".turn[data-fall]")
    for _ in range(falls.count()):
        page.keyboard.press("]")
    last = falls.last.get_attribute("id")
    expect(page.locator(".turn:focus")).to_have_attribute("id", str(last))
    page.keyboard.press("]")
    expect(page.locator("[data-said]")).to_have_text("No further fall.")
    expect(page.locator(".turn:focus")).to_have_attribute("id", str(last))
    # Whoever scrolls away from the message in focus means what is on screen.
    page.set_viewport_size({"width": 1440, "height": 300})
    page.evaluate("window.scrollTo(0, 0)")
    page.keyboard.press("J")
    expect(page.locator(".turn:focus")).not_to_have_attribute("id", str(last))
    assert page.evaluate("window.scrollY") < 300
