"""Every template compiles and keeps to the content policy: nothing inline, nothing from another host."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

FOLDER = Path(__file__).resolve().parent.parent / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())
REFUSED = {
    "inline style": r"<style\b|\sstyle\s*=",
    "inline script": r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>",
    "inline handler": r"<[^>{]*\son[a-z]+\s*=",
    "javascript: address": r"javascript:",
    "another host": r"\b(?:src|href|action)\s*=\s*['\"](?:https?:)?//",
    "script evaluated by htmx": r"\bhx-on|\bhx-vals\s*=\s*['\"]js:",
}


@pytest.mark.parametrize("name", NAMES)
def test_compiles(name: str) -> None:
    assert get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_holds_nothing_that_the_policy_refuses(name: str) -> None:
    text = (FOLDER / name).read_text()
    assert [what for what, pattern in REFUSED.items() if re.search(pattern, text, flags=re.IGNORECASE)] == []


@pytest.mark.parametrize("name", NAMES)
def test_closes_what_it_opens(name: str) -> None:
    """Elements that span lines are the ones an edit leaves open; void elements and SVG shapes close themselves."""
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", (FOLDER / name).read_text(), flags=re.DOTALL)
    for tag in ("div", "section", "form", "table", "tbody", "ul", "nav", "main", "fieldset", "details", "dl"):
        assert len(re.findall(rf"<{tag}\b", text)) == len(re.findall(rf"</{tag}>", text)), tag


def test_fetches_every_module_of_the_reader_at_once() -> None:
    """Each module that names another would otherwise cost a round trip before the first key is heard."""
    named = set(re.findall(r"js/(?:reader|lib)/\w+\.js", (FOLDER / "dashboard/_reader_modules.html").read_text()))
    scripts = FOLDER.parent / "static/js"
    wanted, waiting = set[str](), [scripts / "conversation-detail.js", scripts / "marks.js"]
    while waiting:
        script = waiting.pop()
        for name in re.findall(r'from "(\.[^"]+)"', script.read_text()):
            found = (script.parent / name).resolve()
            if (path := f"js/{found.relative_to(scripts)}") not in wanted:
                wanted.add(path)
                waiting.append(found)
    assert named == wanted
