"""The filter form: each choice applies at once, counts come after the rows, and all of it works without scripts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
WIDE = {"width": 1440, "height": 900}


def _open(page: Page) -> None:
    page.locator(".filters > summary").click()


def _said(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("h1.sentence").inner_text().split("conversation")[0]) or 0)


def _toggle(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value='{value}'])").click()


def _tally(page: Page, name: str, value: str) -> int:
    field = page.locator(f"label:has(input[name={name}][value='{value}']) .tally [aria-hidden]")
    return int(re.sub(r"\D", "", field.inner_text()))


def test_says_beside_a_value_what_the_list_will_hold(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    _open(page)
    expect(page.get_by_role("checkbox", name=re.compile(r"^2 ?, \d+ conversations?$"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Distribution of MCS, .*90 to 100"))).to_be_visible()
    promised = _tally(page, "csat", "2")
    with page.expect_response(re.compile("facets.json.*csat=2.*facet=channel")):
        _toggle(page, "csat", "2")
    expect(page.locator("h1.sentence")).to_contain_text("CSAT 2")
    assert _said(page) == promised
    expect(page.locator("input[name=csat][value='2']")).to_be_focused()
    channel = page.locator("input[name=channel]").first.get_attribute("value") or ""
    expect(page.locator(f"label:has([name=channel][value='{channel}'])[data-counting]")).to_have_count(0)
    promised = _tally(page, "channel", channel)
    _toggle(page, "channel", channel)
    expect(page.locator("h1.sentence")).to_contain_text("channel")
    assert _said(page) == promised


def _facets_of(requests: list[str]) -> list[str]:
    return [name for url in requests for name in parse_qs(urlsplit(url).query).get("facet", [])]


def test_counts_what_is_seen_a_few_at_a_time_and_the_rest_when_it_is_opened(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    asked: list[str] = []
    held: list[Route] = []
    go_on: list[bool] = []
    page.on("request", lambda request: asked.append(request.url) if "facets.json" in request.url else None)
    page.route("**/facets.json*", lambda route: route.continue_() if go_on else held.append(route))
    _open(page)
    page.wait_for_timeout(200)
    assert _facets_of(asked) == ["csat", "mcs_band", "mcs_min", "mcs"] and len(held) == 2
    go_on.append(True)
    for route in held:
        route.continue_()
    page.locator("label:has([name=agent]) .tally").first.wait_for()
    seen = ["csat", "mcs_band", "mcs_min", "mcs", "status", "channel", "skill", "group", "reviewed", "agent"]
    assert [name for name in _facets_of(asked) if name not in seen] == []
    with page.expect_response(re.compile("facet=device")):
        page.locator(".more > summary").click()
    page.locator("label:has([name=device]) .tally").first.wait_for()
    assert len(_facets_of(asked)) == len(set(_facets_of(asked)))


def test_says_which_counts_are_missing_and_shows_the_others(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    page.route("**/facets.json*facet=skill*", lambda route: route.fulfill(status=200, body="none"))
    _open(page)
    said = page.locator("[data-facets-said]")
    expect(said).to_have_text("The counts of Skill could not be loaded. Try again The list itself is complete.")
    assert page.locator("label:has([name=csat]) .tally").count() == 6
    assert (
        page.locator("label:has([name=agent]) .tally").count()
        and not page.locator("label:has([name=skill]) .tally").count()
    )
    page.unroute("**/facets.json*facet=skill*")
    page.get_by_role("button", name="Try again").click()
    page.locator("label:has([name=skill]) .tally").first.wait_for()
    expect(said).to_be_empty()


def test_nothing_moves_when_the_counts_arrive(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    held: list[Route] = []
    page.route("**/facets.json*", lambda route: held.append(route))
    _open(page)
    page.locator(".more > summary").click()
    page.wait_for_timeout(200)
    fields = (
        "() => [...document.querySelectorAll('.filters .field')].map(e => JSON.stringify(e.getBoundingClientRect()))"
    )
    before = page.evaluate(fields)
    assert page.locator(".tally").count() == 0 and held
    held[0].continue_()
    page.locator(".tally").first.wait_for()
    assert page.evaluate(fields) == before


def test_offers_to_try_again_when_the_counts_fail(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    _open(page)
    page.locator("label:has([name=agent]) .tally").first.wait_for()
    page.route("**/facets.json*", lambda route: route.fulfill(status=200, body="no counts"))
    _toggle(page, "csat", "1")
    said = page.locator("[data-facets-said]")
    expect(said).to_have_text("The counts could not be loaded. Try again The list itself is complete.")
    assert page.locator("table.conversations tbody tr").count() and not page.locator(".tally").count()
    page.unroute("**/facets.json*")
    page.get_by_role("button", name="Try again").click()
    page.locator(".tally").first.wait_for()
    expect(said).to_be_empty()


def test_offers_to_try_again_when_the_late_count_fails(visit: Visit) -> None:
    late = "/conversations/size.json?csat=1"

    def without_count(route: Route) -> None:
        answer = route.fetch()
        html = answer.text().replace(" data-results ", f' data-results data-size-url="{late}" ')
        html = re.sub(r"Conversations, [\d,]+ rows?", 'Conversations<span data-late="rows"></span>', html)
        route.fulfill(
            response=answer,
            body=re.sub(r'data-late="conversations">[^<]+', 'data-late="conversations">Conversations', html),
        )

    page = visit("/conversations/?csat=1", viewport=WIDE)
    count = page.locator("h1.sentence").inner_text().split(" with")[0]
    page.route("**/conversations/?csat=1", without_count)
    page.route("**/size.json*", lambda route: route.fulfill(json={"count": None, "messages": None}))
    page.reload()
    said = page.locator("[data-late-said]")
    expect(said).to_have_text("The count could not be loaded. Try again The list itself is complete.")
    expect(page.locator("h1.sentence")).to_contain_text("Conversations with")
    page.unroute("**/size.json*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("h1.sentence")).to_contain_text(count)
    expect(said).to_be_empty()
    page.locator(".download > summary").click()
    rows = count.replace("conversation", "row")
    for kind in ("CSV", "CSV with BOM"):
        expect(page.get_by_role("link", name=f"Conversations, {rows} ({kind})")).to_be_visible()


def test_a_bar_of_the_distribution_sets_both_fields(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    _open(page)
    page.locator("[data-low='20'] .bin-ground").click(position={"x": 5, "y": 2})
    expect(page.locator("h1.sentence")).to_contain_text("MCS 20 to 29")
    page.locator("[data-low='20'] .bin-ground").click(position={"x": 5, "y": 2})
    expect(page.locator("h1.sentence")).not_to_contain_text("MCS")


def test_bars_drawn_over_set_both_fields(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    _open(page)
    bars = page.locator("[data-mcs-bars]")
    page.locator("[data-low]").first.wait_for(state="attached")
    place = bars.bounding_box()
    assert place

    def draw(start: float, end: float) -> None:
        page.mouse.move(place["x"] + start * place["width"], place["y"] + 5)
        page.mouse.down()
        page.mouse.move(place["x"] + end * place["width"], place["y"] + 90)
        page.mouse.up()

    draw(0.65, 0.32)
    expect(page.locator("h1.sentence")).to_contain_text("MCS 30 to 69")
    fields = [page.get_by_role("spinbutton", name=f"MCS {end}", exact=True) for end in ("from", "to")]
    sliders = [page.get_by_role("slider", name=f"MCS {end}") for end in ("from", "to")]
    for pair in (fields, sliders):
        assert [each.input_value() for each in pair] == ["30", "69"]
    page.locator(".bin-outside").nth(5).wait_for(state="attached")
    assert page.locator(".bin-outside").count() == 6
    draw(0.02, 1.2)
    expect(page.locator("h1.sentence")).not_to_contain_text("MCS")
    assert [each.input_value() for each in fields] == ["", ""]
    assert [each.get_attribute("aria-valuetext") for each in sliders] == ["no lower limit", "no upper limit"]


def test_sliders_set_both_fields_by_key(visit: Visit) -> None:
    page = visit("/conversations/?mcs_max=60", viewport=WIDE)
    _open(page)
    low, high = (page.get_by_role("slider", name=f"MCS {end}") for end in ("from", "to"))
    expect(high).to_have_value("60")
    low.focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1.sentence")).to_contain_text("MCS 11 to 60")
    expect(low).to_be_focused()
    # Neither goes past the other.
    page.keyboard.press("End")
    expect(page.locator("h1.sentence")).to_contain_text("MCS 60")
    expect(low).to_have_value("60")
    page.keyboard.press("Tab")
    expect(high).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("h1.sentence")).to_contain_text("MCS 60 or higher")
    page.get_by_role("spinbutton", name="MCS from").fill("25")
    expect(low).to_have_value("25")


def _names(box: Locator) -> list[str]:
    """The names that somebody sees."""
    return [name.inner_text() for name in box.locator(".choice bdi").all() if name.is_visible()]


def test_finds_a_name_in_a_long_list(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    _open(page)
    box = page.locator(".box-agent")
    box.locator(".tally").first.wait_for()
    everyone, place = _names(box), page.locator(".box-channel").bounding_box()
    search, said = box.get_by_role("searchbox"), box.get_by_role("status")
    assert len(everyone) > 8 and said.inner_text() == ""
    search.fill("akker")
    assert _names(box) == ["Tom Akkerman"]
    expect(said).to_have_text("1 name with “akker”")
    # Counts stand beside names, and are no part of them.
    for typed in ("conv", "0", ","):
        search.fill(typed)
        assert _names(box) == []
        expect(said).to_have_text(f"No name with “{typed}”.")
        expect(said).to_be_in_viewport(ratio=1)
    assert page.locator(".box-channel").bounding_box() == place
    search.fill(" ELODIE")
    assert _names(box) == ["Élodie Garnaud"]
    search.fill("")
    assert _names(box) == everyone
    expect(said).to_be_empty()


def test_chooses_a_found_name_by_key_and_keeps_it_in_sight(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    _open(page)
    box = page.locator(".box-agent")
    box.get_by_role("searchbox").focus()
    page.keyboard.type("noor")
    page.keyboard.press("Enter")
    assert "agent" not in page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("h1.sentence")).to_contain_text("agent Noor Haddad")
    box.get_by_role("searchbox").fill("akker")
    assert {*_names(box)} == {"Noor Haddad", "Tom Akkerman"}


@pytest.mark.parametrize("path", ["/conversations/", "/?period=28d&zone=UTC", "/me/"])
def test_draws_nothing_that_is_hidden(visit: Visit, path: str) -> None:
    page = visit(path, viewport=WIDE)
    drawn = """() => [...document.querySelectorAll("body *")].filter(each => {
        each.setAttribute("hidden", "");
        const isDrawn = getComputedStyle(each).display !== "none";
        each.removeAttribute("hidden");
        return isDrawn;
    }).map(each => `${each.tagName} ${each.getAttribute("class")}`)"""
    assert page.evaluate(drawn) == []


def test_applies_the_folded_filters_too(visit: Visit) -> None:
    page = visit("/conversations/", viewport=WIDE)
    _open(page)
    page.locator(".more > summary").click()
    _toggle(page, "weekday", "1")
    _toggle(page, "hour", "9")
    expect(page.locator("h1.sentence")).to_contain_text("started on a Monday")
    expect(page.locator("h1.sentence")).to_contain_text("started from 9:00 to 9:59")
    expect(page.locator(".more > summary b")).to_have_text("2")
    box = page.locator(".box-credited")
    box.get_by_role("searchbox").fill("akker")
    box.locator(".choice:visible input").check()
    box.get_by_role("combobox").select_option("all")
    expect(page.locator("h1.sentence")).to_contain_text("as to everyone who took part")
    page.goto(page.url)
    assert "credit=all" in page.url and "weekday=1&hour=9" in page.url
    expect(box.get_by_role("combobox")).to_have_value("all")


def test_counts_without_scripts_are_a_page_of_links(visit: Visit) -> None:
    page = visit("/conversations/", java_script_enabled=False, viewport=WIDE)
    _open(page)
    page.get_by_role("link", name="Show counts").click()
    section = page.get_by_role("region", name="CSAT", exact=True)
    promised = section.get_by_role("listitem").nth(1).locator(".facet-count").inner_text()
    section.get_by_role("link", name="2", exact=True).click()
    expect(page.locator("h1.sentence")).to_contain_text("CSAT 2")
    assert _said(page) == int(re.sub(r"\D", "", promised.split()[0]))


def test_applies_every_filter_without_scripts(visit: Visit) -> None:
    page = visit("/conversations/", java_script_enabled=False, viewport=WIDE)
    _open(page)
    assert page.get_by_role("slider").count() == page.locator(".box-search:visible").count() == 0
    page.locator(".more > summary").click()
    _toggle(page, "weekday", "2")
    page.locator("[name=zone]").fill("Europe/Paris")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("h1.sentence")).to_contain_text("started on a Tuesday")
    expect(page.locator(".list-zone")).to_have_text("Times in Europe/Paris")


@pytest.mark.parametrize("width", [320, 390, 1024, 1440, 1680])
def test_reads_well_for_everyone_with_everything_open(visit: Visit, width: int) -> None:
    page = visit("/conversations/?csat=1", viewport={"width": width, "height": 900}, reduced_motion="reduce")
    if width < 900 or not page.locator(".filters[open]").count():
        _open(page)
    page.locator(".more > summary").click()
    page.locator(".tally").first.wait_for()
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found += [f"{scheme}: {each['id']}: {each['nodes'][0]['html'][:200]}" for each in _violations(page)]
        assert not page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
    assert not found, "\n".join(found)


def _violations(page: Page) -> list[dict[str, list[dict[str, str]]]]:
    return list(Axe().run(page).response["violations"])
