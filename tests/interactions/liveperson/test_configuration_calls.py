import pytest

from interactions.liveperson import Answer, NotModified, UnexpectedResponse
from tests.interactions.liveperson.account import ACCOUNT, FakeAccount, ok, payload, refusal

CALLS = [
    ("users", "le-users/users", "4.0"),
    ("skills", "le-users/skills", "4.0"),
    ("agent_groups", "le-users/agentGroups", "4.0"),
    ("automatic_messages", "engagement-window/auto-messages", None),
    ("unified_automatic_messages", "engagement-window/unified-auto-messages", "2.0"),
]


def ask(method, answer, revision=None):
    fake = FakeAccount().on("/configuration/", answer)
    return getattr(fake.client(), method)(revision=revision), fake.to("/configuration/")[0]


@pytest.mark.parametrize("method, resource, version", CALLS)
def test_asks_for_deleted_ones_too_with_version_and_fields(method, resource, version):
    found, asked = ask(method, ok([]))
    assert (found.items, found.revision) == ((), None)
    assert (asked.method, asked.path) == ("GET", f"/api/account/{ACCOUNT}/configuration/{resource}")
    assert (asked.query.get("v"), asked.query["include_deleted"]) == (version, "true")
    assert ("select" in asked.query) == resource.startswith("le-users")
    assert "If-Match" not in asked.headers


@pytest.mark.parametrize("method, resource, version", CALLS)
def test_names_the_revision_it_knows_and_hears_that_nothing_changed(method, resource, version):
    found, asked = ask(method, refusal(304), revision="12")
    assert found == NotModified("12")
    assert asked.headers["If-Match"] == "12"


@pytest.mark.parametrize("headers", [{"ac-revision": "13"}, {"ETag": '"13"'}, {"ETag": 'W/"13"'}])
def test_keeps_the_revision_of_an_answer(headers):
    assert ask("skills", Answer(200, headers, b"[]"))[0].revision == "13"


@pytest.mark.parametrize(
    "method, value, names",
    [
        ("users", [payload("user.json")], ["Noor"]),
        ("skills", payload("skills.json"), ["Delivery", "Front desk bot"]),
        ("agent_groups", payload("agent_groups.json"), ["Main Group", "Delivery desk"]),
        ("agent_groups", {"items": payload("agent_groups.json"), "revision": 12}, ["Main Group", "Delivery desk"]),
        ("automatic_messages", payload("automatic_messages.json"), ["3101", "3102"]),
    ],
)
def test_reads_what_is_listed(method, value, names):
    found, _ = ask(method, ok(value))
    shown = [getattr(item, "nickname", None) or getattr(item, "name", None) or item.message_id for item in found.items]
    assert shown == names


@pytest.mark.parametrize("method", [name for name, *_ in CALLS])
@pytest.mark.parametrize("answer", [refusal(204), Answer(200)])
def test_takes_an_empty_answer_for_an_empty_list(method, answer):
    assert ask(method, answer)[0].items == ()


@pytest.mark.parametrize("method", [name for name, *_ in CALLS])
@pytest.mark.parametrize("answer", [ok("text"), ok(5), Answer(200, {}, b"<html>")])
def test_names_the_path_of_an_answer_that_is_no_list(method, answer):
    with pytest.raises(UnexpectedResponse, match="/configuration/"):
        ask(method, answer)


@pytest.mark.parametrize("method", ["users", "skills", "agent_groups"])
def test_refuses_an_object_without_items(method):
    with pytest.raises(UnexpectedResponse):
        ask(method, ok({"error": "odd"}))
