"""The documents say what the code does: every setting is in README's table and in .env.example."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READERS = {"keys", "level", "number", "one_of", "site", "switch", "text", "words", "zone"}


def _read_in_code() -> set[str]:
    """Names given to environment.py's readers in the settings."""
    calls = (node for node in ast.walk(ast.parse((ROOT / "dashboard/settings.py").read_text())) if _reads(node))
    return {call.args[0].value for call in calls}


def _reads(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS


def _in_table() -> set[str]:
    rows = re.findall(r"^\|([^|]+)\|", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def _in_example() -> set[str]:
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))


def test_names_every_setting_in_the_readme() -> None:
    assert _in_table() == _read_in_code()


def test_names_every_setting_in_the_example() -> None:
    assert _in_example() == _read_in_code()


def test_gives_both_commands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme and "make test" in readme


def test_links_to_files_that_are_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
