"""Factories make rows that the product would make."""

import pytest

from interactions.models import Conversation, Message
from tests import factories

pytestmark = pytest.mark.django_db


def test_gives_messages_the_keys_that_keep_a_transcript_together() -> None:
    made = factories.conversation(messages=[("consumer", "Where is my parcel?"), ("bot", "I will look.")])
    assert [line.position for line in Message.objects.of(made.pk)] == [1, 2]


def test_shows_a_conversation_to_the_supervisor_of_its_group(supervisor) -> None:
    own = factories.conversation(agents=[factories.agent(group=supervisor.scope.groups.get())])
    factories.conversation(agents=[factories.agent(group=factories.group())])
    assert list(Conversation.objects.visible_to(supervisor)) == [own]


@pytest.mark.parametrize(("role", "count"), [("analyst", 1), ("admin", 1), ("operator", 1), ("stranger", 0)])
def test_shows_by_role(role: str, count: int) -> None:
    factories.conversation(agents=[factories.bot()])
    assert Conversation.objects.visible_to(factories.user(role)).count() == count
