"""Speaker classes by the fact sheet's section 5.6."""

import pytest

from tests.interactions.ingest.derive.talk import MAIN, PEOPLE, SURVEY, derived, dialogs, joins, say

CLOSING = "This conversation closes soon."


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (say(1, "Consumer"), ("consumer", None, None)),
        (say(1, "consumer"), ("consumer", None, None)),
        (say(1, "Agent"), ("agent", "h-1", None)),
        (say(1, "AGENT", participantId="h-1"), ("agent", "h-1", None)),
        (say(1, "Agent", participantId="b-1"), ("bot", "b-1", None)),
        (say(1, "Agent", participantId="s-1"), ("automatic", "s-1", 1)),
        (say(1, "Consumer", participantId="s-1"), ("automatic", "s-1", 1)),
        (say(1, "System", participantId="s-1"), ("automatic", "s-1", 1)),
        (say(1, "System", participantId="x"), ("automatic", None, 2)),
        (say(1, "Controller"), ("automatic", None, 2)),
        (say(1, "Agent", participantId="0"), ("automatic", None, 3)),
        (say(1, "Agent", participantId="undefined"), ("automatic", None, 3)),
        (say(1, "Agent", participantId="stranger"), ("automatic", None, 3)),
        (say(1, "Agent", text=CLOSING), ("automatic", "h-1", 4)),
        (say(1, "Consumer", text=CLOSING), ("consumer", None, None)),
        (say(1, None, participantId="c-1"), ("consumer", None, None)),
        (say(1, None, participantId="h-1"), ("agent", "h-1", None)),
        (say(1, None), ("agent", None, None)),
        (say(1, "Agent", audience="AGENTS_AND_MANAGERS"), ("note", "h-1", None)),
        (say(1, "Agent", audience="agents_and_managers", participantId="b-1"), ("note", "b-1", None)),
        (say(1, "Agent", audience="ALL"), ("agent", "h-1", None)),
        (say(1, "Agent", dialogId=SURVEY, participantId="b-1"), ("survey", "b-1", None)),
        (say(1, "Consumer", dialogId=SURVEY), ("survey", None, None)),
        (say(1, "System", dialogId=SURVEY, participantId="x"), ("survey", "x", None)),
        (say(1, "Agent", dialogId=SURVEY, audience="AGENTS_AND_MANAGERS"), ("survey", "h-1", None)),
    ],
)
def test_puts_each_message_into_its_class_and_keeps_the_rule(message, expected):
    found = derived(message, automatic=(CLOSING,), dialogs=dialogs(survey_at=1))
    assert [(row.speaker, row.agent, row.rule) for row in found.messages] == [expected]


def test_keeps_the_agent_of_a_line_with_an_unknown_sender():
    [row] = derived(say(1, "Robot", participantId="h-1")).messages
    assert (row.speaker, row.agent, row.rule) == ("automatic", "h-1", 2)


def test_takes_unknown_writers_for_agents_where_no_participants_were_delivered():
    found = derived(say(1, "Agent", participantId="900"), people=None)
    assert [(row.speaker, row.agent) for row in found.messages] == [("agent", "900")]
    assert "900" in [seen.agent_id for seen in found.agents]


@pytest.mark.parametrize(
    ("entry", "speaker"),
    [
        ({"kind": None}, "agent"),
        ({"kind": None, "userTypeName": "Bot"}, "bot"),
        ({"kind": None, "userTypeName": "System"}, "automatic"),
        ({"kind": "1", "role": "CONTROLLER"}, "automatic"),
        ({"kind": "7"}, "agent"),
    ],
)
def test_counts_an_unsaid_kind_as_human(entry, speaker):
    [row] = derived(say(1, "Agent", participantId="p-9"), people=[joins("p-9", **entry)]).messages
    assert row.speaker == speaker


def test_knows_an_agent_by_the_uuid_too():
    people = [joins("42", agentPid="aa-bb", kind="2")]
    [row] = derived(say(1, "Agent", participantId="aa-bb"), people=people).messages
    assert (row.speaker, row.agent) == ("bot", "42")


@pytest.mark.parametrize(
    ("configured", "said", "is_automatic"),
    [
        ("Hi ${visitor.name}, one moment.", "Hi Ilse, one moment.", True),
        ("Hi {name}, one moment please", "Hi Ilse Marchetti, one moment  please", True),
        ("Hi {name}, one moment please", "Hi Ilse, two moments please", False),
        ("{name}", "anything", False),
        ("Are you (still) there?", "Are you (still) there?", True),
        ("Are you (still) there?", "Are you still there?", False),
    ],
)
def test_matches_configured_texts_with_placeholders_as_wildcards(configured, said, is_automatic):
    [row] = derived(say(1, "Agent", text=said), automatic=(configured,)).messages
    assert (row.rule == 4) is is_automatic


def test_takes_a_dialog_for_a_survey_when_only_the_survey_names_it():
    surveys = [{"surveyStatus": "FILLED", "dialogId": SURVEY, "surveyData": []}]
    found = derived(say(1, dialogId=SURVEY), say(2), conversationSurveys=surveys)
    assert [row.speaker for row in found.messages] == ["survey", "consumer"]


def test_counts_by_class():
    row = derived(
        say(1), say(2), say(3, "Agent"), say(4, "Agent", participantId="b-1"), say(5, "System"),
        say(6, "Agent", audience="AGENTS_AND_MANAGERS"), say(7, dialogId=SURVEY), dialogs=dialogs(survey_at=7),
    ).conversation  # fmt: skip
    counts = (row.consumer_message_count, row.agent_message_count, row.bot_message_count, row.automatic_message_count)
    assert (row.message_count, counts) == (7, (2, 1, 1, 1))


@pytest.mark.parametrize(
    ("people", "messages", "count"),
    [
        (PEOPLE, (), 2),
        ([joins("s-1", kind="0")], (), 0),
        ([joins("h-1"), joins("h-1", 9)], (), 1),
        ([joins("h-1", part="READER")], (), 0),
        ([joins("h-1", part="READER")], (say(1, "Agent", audience="AGENTS_AND_MANAGERS"),), 1),
        ([joins("h-1", part="AGENT"), joins("h-2", part="MANAGER")], (), 1),
    ],
)
def test_counts_people_and_bots_who_took_part(people, messages, count):
    assert derived(*messages, people=people).conversation.agent_count == count


def test_main_dialog_is_the_conversations_own():
    assert [row.dialog for row in derived(say(1, dialogId=MAIN), say(2, dialogId="undefined")).messages] == [0, 0]
