"""The lists of people, skills and groups beside the conversations that name them."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from interactions.ingest import account
from interactions.ingest.configuration import read_configuration
from interactions.ingest.derive import AutomaticTexts
from interactions.ingest.store import prepare, write
from interactions.liveperson import parse_conversation
from interactions.models import Agent, AgentGroup, Conversation, Skill
from tests.interactions.ingest.derive.talk import joins, record, say
from tests.interactions.liveperson.account import ACCOUNT, FakeAccount, ok

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_names_people_skills_and_groups_alike_however_their_ids_are_written() -> None:
    account.pin(ACCOUNT)
    info = {"latestSkillId": "s\t1", "latestAgentGroupId": "g\x7f"}
    value = record(say(1), people=[joins("h\n1", agentGroupId="g\x7f")], info=info)
    items = prepare([parse_conversation(value)], NOW, AutomaticTexts())
    with transaction.atomic():
        write(items, AutomaticTexts())
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
    kept = Conversation.objects.select_related("last_agent__group__parent", "skill", "group").get()
    assert kept.last_agent is not None and kept.last_agent.group is not None and kept.skill is not None
    assert (kept.last_agent.nickname, kept.skill.name, kept.group) == ("Noor", "Late", kept.last_agent.group)
    assert kept.last_agent.group.parent == AgentGroup.objects.get(name="All")
    assert (Agent.objects.count(), Skill.objects.count(), AgentGroup.objects.count()) == (1, 1, 2)
