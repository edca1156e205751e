"""Users, skills, agent groups and automatic messages."""

from __future__ import annotations

import pytest

LISTS = ["le-users/users", "le-users/skills", "le-users/agentGroups", "engagement-window/auto-messages",
         "engagement-window/unified-auto-messages"]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_it_answers_a_known_revision_with_304(caller, path):
    first = caller.get(path, v="4.0")
    revision = first.headers["ac-revision"]
    again = caller.get(path, headers={"If-Match": revision}, v="4.0")
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["ac-revision"] == revision
    assert caller.get(path, headers={"If-Match": "-1"}, v="4.0").json() == first.json()


@pytest.mark.parametrize("path", LISTS)
def test_it_wants_a_caller_it_knows(caller, path):
    import requests

    assert requests.get(f"{caller.config}/{path}", timeout=9).status_code == 401


@pytest.mark.parametrize("path", LISTS[:3])
def test_it_hides_the_deleted_unless_asked(caller, path):
    some, every = (caller.get(path, v="4.0", include_deleted=word).json() for word in ("false", "true"))
    assert len(every) == len(some) + 1
    assert [each["id"] for each in every if each["deleted"]]


def test_it_wants_a_version_for_users(caller):
    assert caller.get("le-users/users").status_code == 400


def test_it_describes_users_without_their_names(caller, truth):
    users = {str(each["id"]): each for each in caller.get("le-users/users", v="4.0", include_deleted="true").json()}
    assert {(each["fullName"], each["employeeId"]) for each in users.values()} == {("", "")}
    assert {each["userTypeId"] for each in users.values()} == {0, 1, 2}
    for person in (p for record in truth for p in record.get("agentParticipants", [])):
        assert users[person["agentId"]]["pid"] == person["agentPid"]


def test_it_gives_one_user(caller):
    user = caller.get("le-users/users", v="4.0").json()[0]
    assert caller.get(f"le-users/users/{user['id']}", v="4.0").json() == user
    assert caller.get("le-users/users/1", v="4.0").status_code == 404


@pytest.mark.parametrize(
    ("path", "select", "names"),
    [
        ("le-users/users", "id,nickname,memberOf,unheard", {"id", "nickname", "memberOf"}),
        ("le-users/skills", None, {"id", "deleted", "name"}),
        ("le-users/skills", "id,description,canTransfer", {"id", "description", "canTransfer"}),
        ("le-users/agentGroups", None, {"id", "deleted", "name"}),
        ("le-users/agentGroups", "id,parentGroupId", {"id", "parentGroupId"}),
    ],
)
def test_it_selects_fields(caller, path, select, names):
    answer = caller.get(path, v="4.0", **({"select": select} if select else {})).json()
    assert set(answer[0]) == names


def test_it_grows_groups_as_a_tree_from_the_main_group(caller):
    groups = caller.get("le-users/agentGroups", v="4.0", select="id,parentGroupId", include_deleted="true").json()
    parents = {each["id"]: each["parentGroupId"] for each in groups}
    assert [number for number, parent in parents.items() if parent is None] == [-1]
    assert all(parent in parents for parent in parents.values() if parent is not None)
    assert any(parents.get(parent) not in (None, -1) or parent not in (None, -1) for parent in parents.values())


def test_it_knows_every_group_and_skill_of_its_conversations(caller, truth):
    ids = {
        path: {each["id"] for each in caller.get(path, v="4.0", include_deleted="true").json()} for path in LISTS[1:3]
    }
    assert {r["info"]["latestSkillId"] for r in truth} - {-1} <= ids["le-users/skills"]
    assert {r["info"]["latestAgentGroupId"] for r in truth} <= ids["le-users/agentGroups"]


def test_it_lists_automatic_messages_in_both_shapes(caller):
    old, new = (caller.get(path).json() for path in LISTS[3:])
    assert isinstance(old[0]["id"], int) and "contexts" not in old[0]
    assert "id" not in new[0] and new[0]["contexts"]["ACCOUNT"] == ["sandbox-1"]
    assert any(each.get("attributes") == [{"name": "timer", "value": "1800"}] for each in old)
    assert any(each.get("attributes") == [{"timer": "1800"}] for each in new)
    assert {len(each["data"]) for each in old + new} == {4}


def test_it_gives_one_automatic_message(caller):
    assert caller.get("engagement-window/auto-messages/3101").json()["id"] == 3101
    name = "CONSUMER_OPEN_NEW_CONVERSATION"
    path = f"engagement-window/unified-auto-messages/{name}"
    assert caller.get(path).json()["messageEventId"] == name
    views = caller.get(path, view="BY_CONTEXT").json()
    assert views["ACCOUNT"]["sandbox-1"]["messageEventId"] == name
    assert views["SKILL"]["880151510"]["skillId"] == 880151510
    assert caller.get("engagement-window/unified-auto-messages/NOTHING").status_code == 404
