"""Whose names the words of a query may say."""

import pytest

from interactions.search import ConversationQuery
from tests import factories


def said(user, **ids):
    return [
        part.text
        for part in ConversationQuery(**{name: (row.liveperson_id,) for name, row in ids.items()}).describe(user)
    ]


@pytest.fixture
def elsewhere(db):
    return factories.agent("Quentin Abroad", factories.group("Far desk"))


@pytest.mark.parametrize("role", ["supervisor", "stranger"])
def test_keeps_people_and_groups_of_others_to_themselves(role, elsewhere):
    factories.conversation(agents=[elsewhere])
    words = said(factories.user(role), agent=elsewhere, last_agent=elsewhere, credited=elsewhere, group=elsewhere.group)
    assert not [text for text in words if "Quentin" in text or "Far" in text]
    assert all(text.split()[-1].isdecimal() for text in words)


@pytest.mark.parametrize("role", ["analyst", "admin", "operator"])
def test_names_everyone_to_those_who_see_everything(role, elsewhere):
    words = said(factories.user(role), agent=elsewhere, group=elsewhere.group)
    assert words == ["agent Quentin Abroad", "group Far desk"]


def test_names_whoever_is_in_a_conversation_that_may_be_read(supervisor, elsewhere):
    own = factories.agent("Ann Own", supervisor.scope.groups.get())
    factories.conversation(agents=[own, elsewhere])
    words = said(supervisor, agent=elsewhere, group=elsewhere.group)
    assert words == ["agent Quentin Abroad", "group Far desk"]


def test_names_own_people_bots_and_skills(supervisor):
    own = factories.agent("Ann Own", supervisor.scope.groups.get())
    words = said(supervisor, agent=own, last_agent=factories.bot(), group=own.group, skill=factories.skill("Returns"))
    assert words == ["agent Ann Own", "last agent Pine Bot", "group Delivery team", "skill Returns"]


@pytest.mark.parametrize("address", ["/conversations/", "/", "/conversations.csv", "/messages.csv"])
def test_lets_no_page_or_file_name_say_them(address, supervisor, elsewhere, client_for):
    ids = f"agent={elsewhere.liveperson_id}&group={elsewhere.group.liveperson_id}&period=7d"
    answer = client_for(supervisor).get(f"{address}?{ids}")
    assert answer.status_code == 200
    told = b"".join(answer).decode() + answer.headers.get("Content-Disposition", "")
    assert elsewhere.liveperson_id in told or "csv" in address
    assert "quentin" not in told.lower() and "far desk" not in told.lower() and "far-desk" not in told.lower()
