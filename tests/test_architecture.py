"""The arrows between the rooms (docs/decisions.md): read from the imports, wherever in a file they stand."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Room: the rooms of ours that it may import, besides itself. "interactions.search.text" allows just that module.
ARROWS = {
    "interactions.liveperson": set(),
    "interactions.sandbox": set(),
    "interactions.models": set(),
    "interactions.jobs": {"interactions.models"},
    "interactions.search": {"interactions.models"},
    "interactions.metrics": {"interactions.models", "interactions.search"},
    "interactions.ingest": {
        "interactions.liveperson",
        "interactions.models",
        "interactions.jobs",
        "interactions.search.text",
    },
    "interactions.tasks": {
        "interactions.ingest",
        "interactions.liveperson",
        "interactions.models",
        "interactions.jobs",
        "interactions.search.text",
        "interactions.search.columnar.making",
    },
    "interactions.management": {
        "interactions.tasks",
        "interactions.ingest",
        "interactions.liveperson",
        "interactions.models",
        "interactions.jobs",
        "interactions.search.text",
        "interactions.search.columnar.making",
    },
    "dashboard": {
        "interactions.models",
        "interactions.search",
        "interactions.metrics",
        "interactions.ingest",
        "interactions.jobs",
        "interactions.tasks",
    },
}
# The one door to the sandbox.
EXCEPTIONS = {("interactions.management.commands.sandbox", "interactions.sandbox")}
WITHOUT_DJANGO = ("interactions.liveperson", "interactions.sandbox")


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, by full name; `from a import b` counts as a.b, which may be a module."""
    package = _name(path).split(".") if path.name == "__init__.py" else _name(path).split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def _files(room: str) -> list[Path]:
    folder = ROOT.joinpath(*room.split("."))
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


@pytest.mark.parametrize(("room", "allowed"), ARROWS.items())
def test_imports_only_along_the_arrows(room: str, allowed: set[str]) -> None:
    wrong = [
        f"{_name(path)} imports {imported}"
        for path in _files(room)
        if path.exists()
        for imported in _imports(path)
        if imported.split(".")[0] in ("dashboard", "interactions")
        and not any(_within(imported, other) for other in (room, *allowed))
        and not any(_name(path) == module and _within(imported, door) for module, door in EXCEPTIONS)
    ]
    assert wrong == []


@pytest.mark.parametrize("room", WITHOUT_DJANGO)
def test_keeps_django_out(room: str) -> None:
    wrong = [_name(path) for path in _files(room) for imported in _imports(path) if _within(imported, "django")]
    assert wrong == []


@pytest.mark.parametrize("room", ["interactions.models", "interactions.search", "interactions.metrics", "dashboard"])
def test_lets_no_reader_wait_for_another_s_property(room: str) -> None:
    """Before Python 3.12 that of functools holds one lock for all objects of a class while it computes."""
    wrong = [_name(path) for path in _files(room) if "functools.cached_property" in _imports(path)]
    assert wrong == []


def test_has_a_rule_for_every_room() -> None:
    rooms = {
        _name(path / "__init__.py") for path in (ROOT / "interactions").iterdir() if (path / "__init__.py").exists()
    }
    assert rooms - set(ARROWS) <= {"interactions.migrations"}
