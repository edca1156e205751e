"""The lists of people, skills and groups beside the conversations that name them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction

from interactions.ingest import account
from interactions.ingest.configuration import read_configuration
from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import prepare, write
from interactions.liveperson import Answer, parse_conversation
from interactions.models import Agent, AgentGroup, Conversation, Message, Skill
from tests.interactions.ingest.derive.talk import joins, record, say
from tests.interactions.ingest.tables import astray
from tests.interactions.liveperson.account import ACCOUNT, Asked, FakeAccount, ok, refusal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, tzinfo=UTC)
LISTS = {
    "/agentGroups": [{"id": "g-1", "name": "Night", "deleted": False}],
    "/skills": [{"id": "s-1", "name": "Late", "deleted": False}],
    "/users": [
        {"id": "h-1", "nickname": "Noor", "deleted": False, "userTypeId": 1, "memberOf": {"agentGroupId": "g-1"}}
    ],
}


def store(value: object) -> None:
    items = prepare([parse_conversation(value)], NOW, AutomaticTexts())
    with transaction.atomic():
        write(items, AutomaticTexts())


def lists_at(fake: FakeAccount, revision: str, lists: dict[str, list[dict[str, object]]]) -> FakeAccount:
    """From now on gives these lists to whoever does not know them; automatic messages there are none."""
    for part, items in lists.items():
        fake.on(part, _unless_known(revision, items))
    return fake.on("-messages", ok([])).on("auto-messages", ok([]))


def _unless_known(revision: str, items: list[dict[str, object]]) -> Callable[[Asked], Answer]:
    def reply(asked: Asked) -> Answer:
        is_known = asked.headers.get("If-Match") == revision
        return refusal(304) if is_known else ok(items, **{"ac-revision": revision})

    return reply


def changed(**fields: object) -> dict[str, list[dict[str, object]]]:
    return {part: [{**item, **fields} for item in items] for part, items in LISTS.items()}


@pytest.fixture
def fake() -> FakeAccount:
    """Its lists are read once, and a conversation that names them is stored."""
    account.pin(ACCOUNT)
    info = {"latestSkillId": "s-1", "latestAgentGroupId": "g-1"}
    store(record(say(1), say(2, "Agent"), people=[joins("h-1", agentGroupId="g-1")], info=info))
    fake = lists_at(FakeAccount(), "12", LISTS)
    assert read_configuration(fake.client(), NOW).count == 3
    return fake


def kept() -> Conversation:
    return Conversation.objects.select_related("last_agent", "skill", "group").get()


@pytest.mark.parametrize("part", LISTS)
def test_names_the_revision_that_it_has_and_again_after_hearing_that_nothing_changed(
    fake: FakeAccount, part: str
) -> None:
    for _ in range(2):
        assert read_configuration(fake.client(), NOW).count == 0
    lists_at(fake, "13", LISTS)
    for _ in range(2):
        read_configuration(fake.client(), NOW)
    assert [asked.headers.get("If-Match") for asked in fake.to(part)] == [None, "12", "12", "12", "13"]


def test_leaves_everything_as_it_is_where_nothing_changed(fake: FakeAccount) -> None:
    before = [list(model.objects.values()) for model in (Agent, Skill, AgentGroup, Conversation)]
    assert read_configuration(fake.client(), NOW).refused == []
    assert [list(model.objects.values()) for model in (Agent, Skill, AgentGroup, Conversation)] == before


def test_shows_history_under_the_new_names(fake: FakeAccount) -> None:
    lists_at(fake, "13", changed(name="Evening", nickname="Nora"))
    assert read_configuration(fake.client(), NOW).count == 3
    assert astray() == []
    names = kept().last_agent.nickname, kept().skill.name, kept().group.name
    assert names == ("Nora", "Evening", "Evening")
    assert (Agent.objects.count(), Skill.objects.count(), AgentGroup.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("is_named", [True, False])
def test_keeps_the_names_of_who_and_what_is_deleted_for_history(fake: FakeAccount, is_named: bool) -> None:
    # Of what is deleted LivePerson may say no more than that.
    gone = {part: [{"id": item["id"], "deleted": True} for item in items] for part, items in LISTS.items()}
    lists_at(fake, "13", changed(deleted=True) if is_named else gone)
    read_configuration(fake.client(), NOW)
    marked = kept().last_agent, kept().skill, kept().group
    assert [row.is_deleted for row in marked] == [True, True, True]
    assert (marked[0].nickname, marked[1].name, marked[2].name) == ("Noor", "Late", "Night")
    assert Message.objects.get(speaker="agent").agent == marked[0]


def test_names_people_skills_and_groups_alike_however_their_ids_are_written() -> None:
    account.pin(ACCOUNT)
    info = {"latestSkillId": "s\t1", "latestAgentGroupId": "g\x7f"}
    store(record(say(1), people=[joins("h\n1", agentGroupId="g\x7f")], info=info))
    lists = (
        FakeAccount()
        .on(
            "/agentGroups",
            ok([{"id": "top\n", "name": "All"}, {"id": "g\x7f", "name": "Night", "parentGroupId": "top\n"}]),
        )
        .on("/skills", ok([{"id": "s\t1", "name": "Late"}]))
        .on("/users", ok([{"id": "h\n1", "nickname": "Noor", "memberOf": {"agentGroupId": "g\x7f"}}]))
        .on("-messages", ok([]))
        .on("auto-messages", ok([]))
    )
    read_configuration(lists.client(), NOW)
    found = Conversation.objects.select_related("last_agent__group__parent", "skill", "group").get()
    assert found.last_agent is not None and found.last_agent.group is not None and found.skill is not None
    assert (found.last_agent.nickname, found.skill.name, found.group) == ("Noor", "Late", found.last_agent.group)
    assert found.last_agent.group.parent == AgentGroup.objects.get(name="All")
    assert (Agent.objects.count(), Skill.objects.count(), AgentGroup.objects.count()) == (1, 1, 2)
