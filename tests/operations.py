"""docs/operations.md read by machine: its tables, its blocks, its names."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operations.md"
ALARMS = ROOT / "docs" / "alarms.yml"
LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "error", "exception": "error"}
Event = tuple[str, str, frozenset[str]]


def page() -> str:
    return PAGE.read_text()


def section(title: str) -> str:
    """What stands below a heading, up to the next of its rank or above."""
    head = re.search(rf"^(##+) {re.escape(title)}\n", page(), flags=re.MULTILINE)
    assert head, f"operations.md has no section {title!r}"
    behind = page()[head.end() :]
    return re.split(rf"^#{{2,{len(head[1])}}} ", behind, maxsplit=1, flags=re.MULTILINE)[0]


def block(language: str, below: str) -> str:
    """The first fenced block of a language in a section."""
    found = re.search(rf"^```{language}\n(.*?)^```", section(below), flags=re.MULTILINE | re.DOTALL)
    assert found, f"section {below!r} has no block of {language}"
    return found[1]


def rows(title: str) -> list[list[str]]:
    """The cells of the table in a section, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def metrics(text: str) -> set[str]:
    return set(re.findall(r"\breadback_[a-z_]+[a-z]\b", text))


def alarms() -> dict[str, str]:
    """The expressions of alarms.yml by name."""
    pieces = re.split(r"^ +- alert: ", ALARMS.read_text(), flags=re.MULTILINE)[1:]
    found = {}
    for piece in pieces:
        name, rest = piece.split("\n", 1)
        written = re.search(r"expr: (?:>-\n)?(.*?)\n +(?:for|labels):", rest, flags=re.DOTALL)
        assert written, f"{name} has no expression"
        found[name] = written[1]
    return found


def events() -> set[Event]:
    """(event, level, fields) of every line that the code logs."""
    found = set()
    for place in ("dashboard", "interactions"):
        for path in sorted((ROOT / place).rglob("*.py")):
            tree = ast.parse(path.read_text())
            for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
                found |= {_event(call, function, tree) for call in ast.walk(function) if _logs(call)}
    return found


def _logs(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS):
        return False
    return isinstance(node.func.value, ast.Name) and node.func.value.id in ("log", "logger")


def _event(call: ast.Call, function: ast.FunctionDef, tree: ast.Module) -> Event:
    extra = next((keyword.value for keyword in call.keywords if keyword.arg == "extra"), ast.Dict([], []))
    source: ast.AST = extra
    if isinstance(extra, ast.Name):  # made in the lines above
        source = function
    elif isinstance(extra, ast.Call) and isinstance(extra.func, ast.Name):  # made by a function of the module
        maker = extra.func.id
        source = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == maker)
    dicts = [node for node in ast.walk(source) if isinstance(node, ast.Dict)]
    fields = {key.value for node in dicts for key in node.keys if isinstance(key, ast.Constant)}
    assert isinstance(call.func, ast.Attribute) and isinstance(call.args[0], ast.Constant)
    # `page failed` also names the template's variables; what no field is, is not written.
    from dashboard.logs import FIELDS

    return str(call.args[0].value), LEVELS[call.func.attr], frozenset(fields & set(FIELDS))
