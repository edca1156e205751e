"""Every page of ours in both colour schemes and three widths: axe finds nothing, nothing scrolls sideways."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.columns import COLUMNS
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

WIDTHS = (390, 1024, 1440)
SCHEMES = ("light", "dark")
PAGES = {
    "sign in": ("/login/", 200),
    "overview": ("/?period=28d&zone=UTC", 200),
    "overview of nothing": ("/?started_from=2001-01-01&started_to=2001-01-02&zone=UTC", 200),
    "list": ("/conversations/", 200),
    "counts": ("/conversations/facets?csat=1", 200),
    "narrowed list": ("/conversations/?csat=1&csat=2&sort=mcs", 200),
    "search": ("/conversations/?q=refund+OR+order&said_by=consumer", 200),
    "search in vain": ("/conversations/?q=thrid+order", 200),
    "empty list": ("/conversations/?conversation=none-such", 200),
    "words without a place to break": (f"/conversations/?q={'https://parcels.example/' + 'track' * 12}", 200),
    "an id without a place to break": (f"/conversations/?conversation={'0123456789abcdef' * 8}", 200),
    "wrong filter": ("/conversations/?mcs_min=90&mcs_max=10", 400),
    "every column": (f"/conversations/?columns={'.'.join(COLUMNS)}", 200),
    "two columns": ("/conversations/?columns=started_at.nps", 200),
    "columns": ("/columns/?csat=1", 200),
    "views": ("/views/", 200),
    "save a view": ("/views/new/?csat=1", 200),
    "not found": ("/conversations/none-such/", 404),
    "sync": ("/sync/", 200),
    "me": ("/me/", 200),
}
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
    .filter(element => element.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 4).map(element => element.outerHTML.slice(0, 120))"""


def _check(page: Page, name: str) -> list[str]:
    """What is wrong at each width and scheme, once the styles have settled."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            where = f"{name}, {scheme}, {width} px"
            if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{where}: scrolls sideways because of {page.evaluate(TOO_WIDE)}")
            for violation in Axe().run(page).response["violations"]:
                nodes = [node["html"][:160] for node in violation["nodes"][:3]]
                found.append(f"{where}: {violation['id']}: {violation['help']} {nodes}")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_reads_well_for_everyone(visit: Visit, name: str) -> None:
    path, status = PAGES[name]
    page = visit(path, status=status, who="" if name == "sign in" else "analyst", reduced_motion="reduce")
    found = _check(page, name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("menu", ["Views", "Save view", "Columns"])
def test_reads_well_for_everyone_with_a_menu_open(visit: Visit, menu: str) -> None:
    page = visit("/conversations/?view=low-ratings", reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page.locator(".list-tools summary", has_text=menu).click()
    page.wait_for_load_state("networkidle")
    found = _check(page, f"{menu} open")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("order", ["-started_at", "csat", "-messages", "-mcs_fall"])
def test_reads_well_for_everyone_in_a_transcript(visit: Visit, order: str) -> None:
    page = visit(f"/conversations/?sort={order}", reduced_motion="reduce")
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_load_state("networkidle")
    found = _check(page, f"the first transcript by {order}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("opened", [".more > summary", ".scores > summary", ".why > summary"])
def test_reads_well_for_everyone_with_something_open_in_a_transcript(visit: Visit, opened: str) -> None:
    page = visit("/conversations/?csat=1&csat=2", reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_load_state("networkidle")
    page.locator(opened).first.click()
    found = _check(page, f"{opened} open")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("tail", ["", "print", "print?notes=1&automatic=1", "raw"])
def test_reads_well_for_everyone_alone_and_on_paper(visit: Visit, tail: str) -> None:
    page = visit("/conversations/?sort=-messages", who="admin", reduced_motion="reduce")
    address = page.locator("table.conversations a.row-link").first.get_attribute("href") or ""
    page.goto(address.split("?")[0] + tail, wait_until="networkidle")
    found = _check(page, f"transcript {tail}")
    assert not found, "\n".join(found)


@pytest.mark.usefixtures("troubled")
@pytest.mark.parametrize("path", ["/sync/", "/sync/unreadable/", "first record"])
def test_reads_well_for_operators_where_something_is_wrong(visit: Visit, path: str) -> None:
    page = visit("/sync/unreadable/" if path == "first record" else path, who="admin", reduced_motion="reduce")
    if path == "first record":
        page.get_by_role("link", name="Show").first.click()
        page.wait_for_load_state("networkidle")
    found = _check(page, path)
    assert not found, "\n".join(found)


def test_reads_well_for_everyone_in_the_audit(visit: Visit) -> None:
    page = visit("/conversations/?q=order", who="admin", reduced_motion="reduce")
    page.goto("/audit/")
    expect(page.get_by_role("table", name="Readings, newest first").locator("tbody tr").first).to_contain_text("admin")
    found = _check(page, "audit")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("fold", ["tag", "note", "on a message", "without scripts"])
def test_reads_well_for_everyone_who_leaves_a_mark(visit: Visit, fold: str) -> None:
    page = visit("/conversations/?sort=-duration", reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page.locator("table.conversations a.row-link").first.click()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("f")
    expect(page.locator("[data-mark-said]")).to_contain_text(re.compile("Flag"))
    if fold == "on a message":
        page.keyboard.press("J")
        page.keyboard.press("c")
    elif fold == "without scripts":
        page.goto(page.locator(".note-link").first.get_attribute("href") or "")
    else:
        page.keyboard.press(fold[0] if fold == "tag" else "c")
    found = _check(page, f"mark, {fold}")
    assert not found, "\n".join(found)
