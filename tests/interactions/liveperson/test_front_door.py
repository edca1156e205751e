import ast
import subprocess
import sys
from pathlib import Path

import interactions.liveperson as room
from interactions.liveperson import ApplicationLogin, OAuth1Key, UserLogin, records

ROOM = Path(room.__file__).parent


def test_exports_exactly_what_is_used_elsewhere():
    assert sorted(room.__all__, key=str.lower) == [
        *("AgentGroup", "AgentSurveySearch", "Answer", "ApplicationLogin", "AuthenticationFailed"),
        *(
            "AutomaticMessage",
            "Between",
            "Client",
            "ConversationRecord",
            "Credentials",
            "decode",
            "DEFAULT_CONTENT",
            "encode",
        ),
        *(
            "Filters",
            "HttpTransport",
            "LivePersonError",
            "NotModified",
            "OAuth1Key",
            "OutboundRefused",
            "OVERLAP",
            "Page",
        ),
        *("parse_agent_group", "parse_automatic_messages", "parse_conversation", "parse_skill", "parse_user"),
        *("Problem", "RateLimited", "Refused", "Retry", "Revisioned", "ServiceNotEnabled", "Skill"),
        *("StoredRecord", "Timeout", "TooLarge", "Transport", "Unavailable", "UnexpectedResponse", "User", "UserLogin"),
    ]


def test_holds_every_name_it_promises():
    for module in (room, records):
        assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_documents_every_public_name():
    named = [getattr(module, name) for module in (room, records) for name in module.__all__]
    assert [each for each in named if isinstance(each, type) and not each.__doc__] == []


def test_imports_nothing_of_the_house_outside_itself():
    imported = {name for path in ROOM.rglob("*.py") for name in _imports(path)}
    ours = {name for name in imported if name.split(".")[0] in ("interactions", "dashboard", "django", "celery")}
    assert {name for name in ours if not name.startswith("interactions.liveperson")} == set()


def _imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_loads_without_django():
    code = "import sys, interactions.liveperson; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOM.parents[1], check=True)
    assert done.stdout.strip() == "False"


def test_masks_credentials_wherever_they_are_shown():
    for secret in (
        OAuth1Key("s3cret", "s3cret", "s3cret", "s3cret"),
        UserLogin("s3cret", "s3cret"),
        ApplicationLogin("s3cret", "s3cret", "s3cret", "s3cret", "s3cret"),
    ):
        assert "s3cret" not in f"{secret!r} {secret}"
