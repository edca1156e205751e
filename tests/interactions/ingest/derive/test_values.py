"""The conversation's derived columns, rule by rule (design.md, "Derived values")."""

import pytest

from interactions.ingest.derive import AutomaticTexts, Unreadable, derive
from interactions.liveperson import parse_conversation
from tests.interactions.ingest.derive.talk import (
    MAIN,
    START,
    SURVEY,
    at,
    derived,
    dialogs,
    finished,
    joins,
    record,
    say,
)

NOTE = {"audience": "AGENTS_AND_MANAGERS"}
BOT = {"participantId": "b-1"}


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([], (None, None, None)),
        ([say(0), say(30, "Agent")], (30, 30, 30)),
        ([say(0, "Agent")], (None, None, None)),
        ([say(0, "Agent"), say(10), say(25, "Agent")], (15, 15, 15)),
        ([say(0), say(20), say(50, "Agent")], (50, 50, 50)),
        ([say(0), say(5, "Agent", **BOT), say(50, "Agent")], (50, 50, 50)),
        ([say(0), say(5, "Agent", **BOT), say(20), say(50, "Agent")], (50, 50, 50)),
        ([say(0), say(5, "Agent", **NOTE), say(50, "Agent")], (50, 50, 50)),
        ([say(0), say(5, "System"), say(50, "Agent")], (50, 50, 50)),
        ([say(0), say(5, "Agent", participantId="0"), say(50, "Agent")], (50, 50, 50)),
        ([say(0), say(10, "Agent"), say(11, "Agent"), say(20), say(80, "Agent")], (10, 35, 60)),
        ([say(0), say(1.9, "Agent")], (1, 1, 1)),
        ([say(0), say(10, dialogId=SURVEY), say(20, "Agent", dialogId=SURVEY)], (None, None, None)),
    ],
)
def test_measures_how_long_consumers_waited_for_a_person(messages, expected):
    row = derived(*messages, dialogs=dialogs(survey_at=10)).conversation
    assert (row.first_response_seconds, row.median_response_seconds, row.longest_response_seconds) == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], (None, None, None)),
        ([50], (50, 50, None)),
        ([50, 50], (50, 50, 0)),
        ([20, 60, 90], (20, 20, 0)),
        ([90, 60, 65, 20], (90, 20, 45)),
        ([0, 0], (0, 0, 0)),
    ],
)
def test_finds_the_largest_fall_from_one_scored_message_to_the_next(scores, expected):
    lines = [say(number, text=str(number)) for number in range(len(scores))]
    given = [{"messageId": m["messageId"], "mcs": s, "messageRawScore": -1} for m, s in zip(lines, scores, strict=True)]
    row = derived(*lines, say(99, text="unscored"), messageScores=given[::-1]).conversation
    assert (row.mcs_first, row.mcs_lowest, row.mcs_fall) == expected


def survey(status=None, *answers):
    return [{"surveyStatus": status, "dialogId": SURVEY, "surveyData": list(answers)}]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("not_offered", None)),
        ({"info": {"csatRate": 4}}, ("answered", 4)),
        ({"info": {"csat": 4}}, ("answered", 4)),
        ({"info": {"csatRate": 0}}, ("not_offered", None)),
        ({"info": {"csatRate": 9}}, ("not_offered", None)),
        ({"conversationSurveys": survey("FILLED")}, ("answered", None)),
        ({"conversationSurveys": survey("PARTIALLY_FILLED"), "info": {"csatRate": 2}}, ("abandoned", 2)),
        ({"conversationSurveys": survey("SKIPPED"), "info": {"csatRate": 2}}, ("offered", 2)),
        ({"conversationSurveys": survey()}, ("offered", None)),
        ({"dialogs": dialogs(survey_at=9)}, ("offered", None)),
    ],
)
def test_names_the_state_of_the_survey(given, expected):
    row = derived(say(1), **given).conversation
    assert (row.survey, row.csat) == expected


def answer(kind, said, form="single", **fields):
    return {"questionType": kind, "answer": said, "questionFormat": form, "question": "?", **fields}


@pytest.mark.parametrize(
    ("answers", "nps", "fcr", "comment"),
    [
        ([], None, None, ""),
        ([answer("nps", "10"), answer("fcr", "Yes")], 10, True, ""),
        ([answer("nps", "11"), answer("fcr", "maybe")], None, None, ""),
        ([answer("nps", "0"), answer("fcr", "non")], 0, False, ""),
        ([answer("nps", "7", isValidAnswer=False)], None, None, ""),
        (
            [answer("custom", "b", "open", answerSeq="2"), answer("custom", "a", "open", answerSeq="1")],
            None,
            None,
            "a\nb",
        ),
        ([answer("custom", "good", "open", isValidAnswer=False)], None, None, "good"),
        ([answer("custom", "yes", "single")], None, None, ""),
    ],
)
def test_reads_the_answers(answers, nps, fcr, comment):
    found = derived(say(1), conversationSurveys=survey("FILLED", *answers))
    assert (found.conversation.nps, found.conversation.fcr, found.detail.comment) == (nps, fcr, comment)
    assert len(found.answers) == len(answers)


@pytest.mark.parametrize(
    ("people", "survey_at", "credited", "rule"),
    [
        ([joins("h-1"), joins("h-2", 50)], None, "h-2", "last_before_end"),
        ([joins("h-1"), joins("h-2", 50), joins("b-1", 60, kind="2")], None, "h-2", "last_before_end"),
        ([joins("h-1"), joins("h-2", 50)], 30, "h-1", "last_before_survey"),
        ([joins("h-1"), joins("b-2", 31, kind="2", dialogId=SURVEY)], 30, "h-1", "last_before_survey"),
        ([joins("h-1"), joins("h-2", 50, part="AGENT")], None, "h-1", "last_before_end"),
        ([joins("h-1"), joins("h-2", 50, part="MANAGER")], None, "h-1", "last_before_end"),
        ([joins("h-1"), joins("h-2", 4000)], None, "h-1", "last_before_end"),
        ([joins("b-1", kind="2")], None, None, ""),
        ([joins("h-1", kind=None)], None, "h-1", "last_before_end"),
        ([], None, None, ""),
    ],
)
def test_credits_the_last_human_who_was_assigned_before_the_survey(people, survey_at, credited, rule):
    found = derived(say(1), people=people, dialogs=dialogs(survey_at))
    assert (found.conversation.credited_agent, found.detail.credit_rule) == (credited, rule)


def test_credits_the_last_one_so_far_while_open():
    found = derived(say(1), people=[joins("h-1"), joins("h-2", 9000)], info={"status": "OPEN"})
    assert (found.conversation.credited_agent, found.detail.credit_rule) == ("h-2", "last_so_far")


@pytest.mark.parametrize(
    ("info", "status", "ended", "duration"),
    [
        ({}, "closed", at(3600), 3600),
        ({"conversationEndTimeL": None, "endTimeL": at(100.9)}, "closed", at(100.9), 100),
        ({"conversationEndTimeL": at(50), "endTimeL": at(100)}, "closed", at(50), 50),
        ({"conversationEndTimeL": None, "endTimeL": -1}, "closed", None, None),
        ({"status": "OPEN"}, "open", None, None),
        ({"status": "close"}, "closed", at(3600), 3600),
        ({"status": None}, "closed", at(3600), 3600),
        ({"status": None, "conversationEndTimeL": None, "endTimeL": None}, "open", None, None),
        ({"conversationEndTimeL": START - 5}, "closed", None, None),
    ],
)
def test_ends_when_the_talk_ended(info, status, ended, duration):
    row = derived(say(1), info=info).conversation
    assert (row.status, row.ended_ms, row.duration_seconds) == (status, ended, duration)


@pytest.mark.parametrize(
    ("info", "column", "value"),
    [
        ({"source": "WhatsApp Business"}, "channel", "whatsapp business"),
        ({"source": "NA"}, "channel", ""),
        ({"device": "MOBILE"}, "device", "mobile"),
        ({"language": "en-US"}, "language", "en-us"),
        ({"closeReason": "AGENT"}, "close_reason", "agent"),
        ({"closeReason": "AGENT", "status": "OPEN"}, "close_reason", ""),
        ({"latestQueueState": "IN_QUEUE"}, "queue", "in_queue"),
        ({"firstConversation": "true"}, "first_contact", True),
        ({"latestSkillId": -1, "latestSkillName": "Unassigned"}, "skill", None),
        ({"latestAgentGroupId": -1, "latestAgentGroupName": "Main Group"}, "group", "-1"),
        ({"latestAgentGroupId": -1, "latestAgentGroupName": "Unassigned"}, "group", None),
        ({"latestAgentId": "0"}, "last_agent", "h-1"),
        ({"latestAgentId": "77"}, "last_agent", "77"),
        ({"mcs": 0}, "mcs", 0),
        ({"mcs": 101}, "mcs", None),
        ({"alertedMCS": -1}, "mcs_band", -1),
        ({"alertedMCS": 5}, "mcs_band", None),
    ],
)
def test_takes_codes_in_lower_case_and_nothing_for_sentinels(info, column, value):
    assert getattr(derived(say(1), info=info, people=[joins("h-1")]).conversation, column) == value


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ({"conversationId": None}, "It has no conversation id."),
        ({"conversationId": "x" * 129}, "Its conversation id has more than 128 characters."),
        ({"conversationId": "a\nb"}, "Its conversation id has control characters"),
        ({"conversationId": "a\x85"}, "Its conversation id has control characters"),
        ({"conversationId": "."}, "Its conversation id has a part that is . or .."),
        ({"conversationId": "a/../b"}, "Its conversation id has a part that is . or .."),
        ({"startTimeL": None}, "It has no start time."),
    ],
)
def test_refuses_what_cannot_be_placed_and_says_why(info, reason):
    with pytest.raises(Unreadable, match=reason):
        derived(info=info)


@pytest.mark.parametrize("ident", ["a.b", "...", "a b", "a/b", ".hidden/", "\u2028", "é"])
def test_takes_every_id_that_an_address_can_hold(ident):
    assert derived(info={"conversationId": ident}).conversation.conversation_id == ident


def test_starts_with_the_first_message_when_no_start_is_given():
    assert derived(say(7), info={"startTimeL": None}).conversation.started_ms == at(7)


def test_refuses_more_messages_than_can_be_numbered():
    many = [{"messageId": str(number), "timeL": START} for number in range(2**16)]
    with pytest.raises(Unreadable, match="65536 messages"):
        finished(derive(parse_conversation(record(*many)), AutomaticTexts()))


def test_orders_messages_by_time_dialog_and_number():
    lines = [
        say(5, text="c", seq=0, dialogId=SURVEY),
        say(5, text="b", seq=9),
        say(5, text="a", seq=2),
        say(1, text="first", seq=30),
    ]
    found = derived(*lines, dialogs=dialogs(survey_at=4))
    assert [(row.text, row.dialog, row.seq) for row in found.messages] == [
        ("first", 0, 30), ("a", 0, 2), ("b", 0, 9), ("c", 1, 0)
    ]  # fmt: skip


def test_leaves_a_message_without_time_behind_the_one_before_it():
    found = derived(say(1, text="a"), say(None, text="b"), say(3, text="c"))
    assert [row.text for row in found.messages] == ["a", "b", "c"]
    assert found.messages[1].sent_ms is None


def test_shows_a_message_that_came_twice_once():
    assert len(derived(say(1), say(1), say(2)).messages) == 2


def test_gives_a_message_without_id_a_lasting_one():
    lines = [say(1, messageId=None, seq=4), say(2, messageId="x" * 300)]
    first, again = derived(*lines).messages, derived(*lines).messages
    assert first[0].message_id == f"unnamed:{MAIN}:4"
    assert len(first[1].message_id) <= 200
    assert [row.message_id for row in first] == [row.message_id for row in again]


def test_keeps_the_id_of_a_message_without_one_whatever_comes_before_it():
    lines = [say(5, messageId=None), say(None, messageId=None, text="b"), say(6, messageId=None, seq=4)]
    twice = [say(7, messageId=None), say(7, messageId=None), say(8, "Agent", messageId=None, dialogId="d" * 300)]
    before = [row.message_id for row in derived(*lines, *twice).messages]
    after = [row.message_id for row in derived(say(1), say(2, messageId=None), *lines, *twice).messages]
    assert after[2:] == before and len(set(after)) == 8
    assert before[4] == f"{before[3]}:2" and max(map(len, before)) <= 200


@pytest.mark.parametrize("change", [{"seconds": 6}, {"sender": "Agent"}, {"text": "bye"}, {"type": "TEXT_HTML"}])
def test_tells_messages_without_id_apart_by_time_person_and_words(change):
    ids = [
        row.message_id
        for row in derived(say(5, messageId=None), say(**{"seconds": 5, "messageId": None, **change})).messages
    ]
    assert len(set(ids)) == 2 and not any(ident.endswith(":2") for ident in ids)


@pytest.mark.parametrize(
    ("entry", "part", "counted"),
    [
        (joins("h", part="ASSIGNED_AGENT"), "assigned", True),
        (joins("h", part="AGENT"), "joined", True),
        (joins("h", part="assigned"), "assigned", True),
        (joins("h", part="MANAGER"), "manager", False),
        (joins("h", part="READER"), "reader", False),
        (joins("h", part="SUGGESTED_ASSIGNED_AGENT"), "suggested", False),
        (joins("h", part="SOMETHING"), "other", False),
        (joins("h", kind="2"), "assigned", False),
        (joins("h", kind="0"), "assigned", False),
        (joins("h", kind=None), "assigned", True),
    ],
)
def test_counts_humans_who_were_assigned_or_joined(entry, part, counted):
    found = derived(people=[entry])
    assert [(row.part, row.is_counted) for row in found.participations] == [(part, counted)]
    assert found.conversation.has_human is counted


def test_keeps_every_joining_with_the_group_of_that_time():
    people = [joins("h-1", 9, agentGroupId=2, agentGroupName="B"), joins("h-1", 1, agentGroupId=1, agentGroupName="A")]
    found = derived(people=people)
    assert [(row.agent, row.group) for row in found.participations] == [("h-1", "1"), ("h-1", "2")]
    assert found.groups == {"1": "A", "2": "B"}


def test_takes_assignments_from_interactions_where_participants_are_missing():
    steps = [{"assignedAgentId": "88", "assignedAgentFullName": "Ada Lund", "interactionTimeL": at(3)}]
    found = derived(say(1), people=None, interactions=steps)
    assert [(row.agent, row.part, row.is_counted) for row in found.participations] == [("88", "assigned", True)]
    assert found.conversation.credited_agent == "88"
    assert found.agents[0].full_name == "Ada Lund"


def test_keeps_every_transfer_record():
    moves = [
        {"timeL": at(9), "reason": "back2Q", "by": "h-1", "sourceAgentId": "h-1", "assignedAgentId": "null"},
        {"timeL": at(2), "reason": "Skill", "targetSkillId": 5, "targetSkillName": "Delivery", "sourceAgentId": "0"},
    ]
    found = derived(transfers=moves)
    assert found.conversation.transfer_count == 2
    assert [(row.reason, row.source_agent, row.target_skill) for row in found.transfers] == [
        ("Skill", None, "5"),
        ("back2Q", "h-1", None),
    ]
    assert found.skills == {"5": "Delivery"}


def test_flattens_attributes_into_dotted_names():
    body = {"customerInfo": {"customerInfo": {"balance": 1.5, "vip": True, "tags": ["a", None], "none": None}}}
    found = derived(sdes={"events": [{"sdeType": "CUSTOMER_INFO", **body}]})
    assert [(row.kind, row.name, row.value) for row in found.attributes] == [
        ("CUSTOMER_INFO", "balance", "1.5"),
        ("CUSTOMER_INFO", "vip", "true"),
        ("CUSTOMER_INFO", "tags.0", "a"),
    ]


def test_indexes_words_by_speaker_but_no_automatic_or_survey_lines():
    found = derived(
        say(1, text="Wörter"), say(2, "Agent", "reply"), say(3, "System", "robot"),
        say(4, text="five", dialogId=SURVEY),
        say(5, "Agent", "<b>bold</b>&amp;", type="TEXT_HTML", participantId="b-1"),
        dialogs=dialogs(survey_at=4), conversationSurveys=survey("FILLED", answer("custom", "Très bien", "open")),
    )  # fmt: skip
    assert found.texts == [{"consumer": "worter", "agent": "reply", "bot": "bold", "note": "", "comment": "tres bien"}]


@pytest.mark.parametrize(
    ("message", "text", "keys"),
    [
        ({"msg": {"text": "plain"}}, "plain", None),
        ({"file": {"fileType": "JPG", "caption": "the label", "preview": "x" * 20_000}}, "the label", {"file"}),
        ({"link": {"externalFileLink": "https://shop.example/t"}}, "https://shop.example/t", {"link"}),
        ({"secureForm": {"formId": "1", "formName": "Address"}}, "Address", {"form"}),
        (
            {"richContent": {"content": '{"elements":[{"text":"Oak"},{"title":"Track"}]}'}},
            "Oak\nTrack",
            {"rich_content"},
        ),
        ({"msg": {"text": "?"}, "quickReplies": {"content": '{"replies":[{"title":"A"}]}'}}, "?", {"quick_replies"}),
        ({"msg": {"text": "?"}, "quickReplies": {"content": "{broken"}}, "?", {"unread"}),
    ],
)
def test_keeps_what_is_readable_and_the_rest_as_payload(message, text, keys):
    [row] = derived(say(1, messageData=message)).messages
    assert (row.text, row.payload and set(row.payload)) == (text, keys)
    if keys == {"file"}:
        assert "preview" not in row.payload["file"]


def test_notes_what_does_not_fit_its_column():
    found = derived(say(1), info={"source": "s" * 50, "latestSkillId": "9" * 80, "status": "ODD"})
    assert (len(found.conversation.channel), found.conversation.skill) == (40, None)
    assert {note["path"] for note in found.detail.problems} >= {"info.source", "info.latestSkillId", "info.status"}


def test_replaces_control_characters_in_codes_and_ids_and_says_so():
    info = {"source": "A\x1fB", "language": "e\nn", "latestSkillId": "s\t1", "latestAgentGroupId": "g\x7f"}
    moved = {"timeL": at(1), "by": "b\x85", "targetSkillId": "s\t1", "sourceSkillId": "s2\r"}
    people = [joins("h\n1", agentGroupId="g\x7f", agentGroupName="Night")]
    spoken = say(1, "Agent", participantId="h\n1")
    found = derived(spoken, people=people, info=info, transfers=[moved])
    row = found.conversation
    assert (row.channel, row.language, row.skill, row.group) == ("a\ufffdb", "e\ufffdn", "s\ufffd1", "g\ufffd")
    assert (row.credited_agent, found.messages[0].agent) == ("h\ufffd1", "h\ufffd1")
    assert {seen.agent_id for seen in found.agents} == {"h\ufffd1", "b\ufffd"}
    assert (found.groups, set(found.skills)) == ({"g\ufffd": "Night"}, {"s\ufffd1", "s2\ufffd"})
    assert [(move.by, move.target_skill) for move in found.transfers] == [("b\ufffd", "s\ufffd1")]
    assert {"path": "info.source", "what": "control characters were replaced"} in found.detail.problems


def test_knows_a_bot_whose_id_holds_a_control_character():
    [row] = derived(say(1, "Agent", participantId="b\n1"), people=[joins("b\n1", kind="2")]).messages
    assert (row.speaker, row.agent) == ("bot", "b\ufffd1")


def test_shuffles_alike_every_time():
    assert derived(say(1)).conversation.shuffle_key == derived(say(2)).conversation.shuffle_key
    assert -(2**31) <= derived().conversation.shuffle_key < 2**31
