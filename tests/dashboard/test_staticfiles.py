"""Scripts as they are served: without comments, by hashed names, and every import leads somewhere."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from dashboard.staticfiles import HashedStorage

SOURCES = Path(__file__).resolve().parents[2] / "static"
# What one script asks for of another, at once or later.
ASKED = re.compile(r'(?:from|import\()\s*"([^"]+)"')


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("static")
    hashed = {"staticfiles": {"BACKEND": "dashboard.staticfiles.HashedStorage"}}
    with override_settings(STATIC_ROOT=root, STORAGES=hashed):
        call_command("collectstatic", verbosity=0, interactive=False)
    return root


@pytest.fixture(scope="module")
def served(collected: Path) -> dict[str, Path]:
    """By the name in our sources."""
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return {name: collected / path for name, path in paths.items()}


def test_scripts_are_served_without_comments(served: dict[str, Path]) -> None:
    scripts = {name: path.read_text() for name, path in served.items() if name.startswith("js/")}
    assert len(scripts) > 50
    assert [name for name, text in scripts.items() if "@param" in text or "/**" in text or "// @ts" in text] == []
    sources = sum(len((SOURCES / name).read_bytes()) for name in scripts)
    assert sum(map(len, scripts.values())) < 0.7 * sources


def test_every_import_leads_to_a_hashed_script(served: dict[str, Path]) -> None:
    files = {path.resolve() for path in served.values()}
    asked = [
        (name, wanted)
        for name, path in served.items()
        if name.startswith("js/")
        for wanted in ASKED.findall(path.read_text())
        if (path.parent / wanted).resolve() not in files
    ]
    assert asked == []


def test_what_others_made_is_served_as_it_came(served: dict[str, Path]) -> None:
    vendored = [name for name in served if name.startswith("vendor/") and name.endswith(".js")]
    assert vendored
    for name in vendored:
        assert served[name].read_bytes() == (SOURCES / name).read_bytes()


def test_no_template_literal_stands_in_another() -> None:
    """rJSmin takes blanks out of the outer one, as its documentation says."""
    nested = re.compile(r"`[^`]*\$\{[^}`]*`")
    assert nested.search("`a ${b ? `c` : d} e`")
    assert [path.name for path in SOURCES.glob("js/**/*.js") if nested.search(path.read_text())] == []


def test_names_the_file_that_was_collected(collected: Path, served: dict[str, Path]) -> None:
    with override_settings(STATIC_ROOT=collected, DEBUG=False):
        storage = HashedStorage()
        for _ in range(2):  # known from the first time
            for name, path in served.items():
                assert storage.url(name) == f"/static/{path.relative_to(collected)}"
            with pytest.raises(ValueError, match="js/no-such.js"):
                storage.url("js/no-such.js")
    with override_settings(STATIC_ROOT=collected, DEBUG=True):
        assert HashedStorage().url("js/frame.js") == "/static/js/frame.js"
