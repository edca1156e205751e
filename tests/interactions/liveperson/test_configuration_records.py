import pytest

from interactions.liveperson import (
    parse_agent_group,
    parse_automatic_messages,
    parse_skill,
    parse_user,
)
from interactions.liveperson.records import Wording
from tests.interactions.liveperson.account import payload


def test_reads_a_user():
    user = parse_user(payload("user.json"))
    assert (user.user_id, user.nickname, user.full_name, user.user_type) == ("2210063318", "Noor", None, "1")
    assert (user.skill_ids, user.group_ids, user.managed_group_ids) == (("880151510",), ("880160210",), ())
    assert (user.is_deleted, user.is_enabled, user.max_async_chats) == (False, True, 8)
    assert (user.updated_at_ms, user.problems) == (1708414872000, ())


@pytest.mark.parametrize(
    "member_of, expected",
    [
        ({"agentGroupId": -1}, ("-1",)),
        ([{"agentGroupId": "5"}, {"agentGroupId": 6}], ("5", "6")),
        ({}, ()),
        ("undefined", ()),
        (None, ()),
    ],
)
def test_reads_memberships_as_object_or_list(member_of, expected):
    assert parse_user({"id": 1, "memberOf": member_of, "managerOf": member_of}).group_ids == expected


def test_copes_with_a_summary_and_with_quoted_types():
    user = parse_user({"id": "7", "deleted": "false", "maxChats": "4", "isEnabled": "true"})
    assert (user.user_id, user.is_deleted, user.max_chats, user.is_enabled) == ("7", False, 4, True)


def test_reads_skills():
    assert [(skill.skill_id, skill.name, skill.is_deleted) for skill in map(parse_skill, payload("skills.json"))] == [
        ("880151510", "Delivery", False),
        ("880151410", "Front desk bot", False),
    ]


def test_reads_groups_and_keeps_the_main_one():
    groups = [parse_agent_group(group) for group in payload("agent_groups.json")]
    assert [(group.group_id, group.name) for group in groups] == [("-1", "Main Group"), ("880160210", "Delivery desk")]
    assert parse_agent_group({"id": 5, "parentGroupId": -1}).parent_id == "-1"
    assert parse_agent_group({"id": -1, "name": "Unassigned"}).group_id is None


@pytest.mark.parametrize("parse", [parse_user, parse_skill, parse_agent_group])
def test_notes_what_is_no_object(parse):
    assert [problem.what for problem in parse(5).problems] == ["the record is not an object"]


def test_reads_automatic_messages_of_the_old_kind():
    opening, timer = parse_automatic_messages(payload("automatic_messages.json"))
    assert (opening.message_id, opening.event_id) == ("3101", "CONSUMER_OPEN_NEW_CONVERSATION")
    assert opening.wordings[1] == Wording("Merci, nous arrivons.", "fr-FR", False)
    assert (timer.is_enabled, timer.attributes, timer.contexts) == (False, (("timer", "1800"),), ())


def test_reads_automatic_messages_of_the_unified_kind():
    opening, timer = parse_automatic_messages(payload("unified_automatic_messages.json"))
    assert opening.contexts == (("ACCOUNT", "71830264"), ("SKILL", "880151510"))
    assert (timer.attributes, timer.message_id) == ((("timer", "1800"),), None)


def test_reads_automatic_messages_by_context():
    account, skill = parse_automatic_messages(payload("automatic_messages_by_context.json"))
    assert (account.contexts, skill.contexts) == ((("ACCOUNT", "71830264"),), (("SKILL", "880151510"),))
    assert skill.skill_id == "880151510"


@pytest.mark.parametrize("value, count", [([], 0), ({}, 0), ({"messageEventId": "X"}, 1), (None, 1), ({"A": 5}, 0)])
def test_reads_automatic_messages_in_other_shapes(value, count):
    assert len(parse_automatic_messages(value)) == count
