import pytest

from interactions.liveperson import parse_conversation
from interactions.liveperson.records import Context, File, Link, SecureForm, SurveyAnswer
from tests.interactions.liveperson.account import payload

MAIN = "b7c4d1e0-5a93-4f6e-9c1d-2e8f70a1b345"


@pytest.fixture(scope="module")
def closed():
    return parse_conversation(payload("search_page.json")["conversationHistoryRecords"][0])


@pytest.fixture(scope="module")
def queued():
    return parse_conversation(payload("search_page.json")["conversationHistoryRecords"][1])


def test_finds_nothing_wrong_with_either(closed, queued):
    assert (closed.problems, queued.problems) == ((), ())


def test_reads_the_head(closed):
    info = closed.info
    assert (info.conversation_id, info.account_id, info.status) == (MAIN, "71830264", "CLOSE")
    assert (info.started_at_ms, info.conversation_ended_at_ms) == (1715677331418, 1715677862377)
    assert (info.csat, info.mcs, info.mcs_band) == (5, 74, 1)
    assert (info.latest_agent_id, info.latest_skill_id, info.latest_agent_group_id) == (
        "2210063318",
        "880151510",
        "880160210",
    )
    assert info.features[:2] == ("PHOTO_SHARING", "QUICK_REPLIES")


def test_turns_every_sentinel_into_nothing(queued):
    info = queued.info
    nothing = (info.ended_at_ms, info.latest_agent_id, info.latest_agent_nickname, info.latest_skill_id)
    nothing += (info.latest_skill_name, info.latest_agent_group_id, info.device, info.operating_system, info.csat)
    assert set(nothing) == {None}
    assert (info.is_partial, info.status, info.latest_queue_state) == (True, "OPEN", "IN_QUEUE")
    assert queued.consumer_participants[0].phone is None


def test_tells_a_missing_list_from_an_empty_one(queued):
    assert queued.agent_participants == ()
    assert "agentParticipants" not in queued.delivered
    assert "messageRecords" in queued.delivered


def test_keeps_the_facts_that_tell_who_speaks(closed):
    note = closed.messages[7]
    assert (note.sent_by, note.audience, note.participant_id) == ("Agent", "AGENTS_AND_MANAGERS", "2210063318")
    system = closed.agent_participants[0]
    assert (system.user_type, system.permission, system.group_id) == ("0", "CONTROLLER", "-1")


@pytest.mark.parametrize(
    "index, attribute, expected",
    [
        (0, "text", "Hi, one parcel of my bookcase never came"),
        (0, "quick_replies", None),
        (0, "device", "MOBILE"),
        (4, "text", None),
        (
            5,
            "file",
            File(
                "/v1/AUTH_async-images/71830264/9d41c07b_uuid_3c1e_14-05-2024_09-03-58-700.JPG",
                "JPG",
                "the label",
                None,
            ),
        ),
        (8, "form", SecureForm("5540", "Delivery address", "inv-5540-01", None)),
        (9, "form", SecureForm(None, None, "inv-5540-01", "sub-9917")),
        (10, "link", Link("https://harborpine.example/t/4471", "PDF", "Tracking sheet")),
        (0, "context", None),
        (11, "seq", 21),
    ],
)
def test_reads_each_kind_of_message(closed, index, attribute, expected):
    assert getattr(closed.messages[index], attribute) == expected


def test_decodes_json_inside_texts(closed):
    assert [reply["title"] for reply in closed.messages[2].quick_replies["replies"]] == ["Delivery", "Billing"]
    assert closed.messages[4].rich_content["elements"][0]["text"] == "Oak bookcase, parcel 2 of 3"
    assert closed.messages[2].context.metadata[0]["intents"][0]["id"] == "where_is_my_order"


def test_keeps_predefined_content_and_its_being_edited(closed):
    assert (closed.messages[6].predefined.id, closed.messages[6].predefined.is_edited) == ("880154310", True)
    assert closed.messages[0].predefined is None


def test_reads_a_transfer_with_its_reason(closed):
    (transfer,) = closed.transfers
    assert (transfer.by, transfer.source_skill_id, transfer.target_skill_id) == ("2210045071", "880151410", "880151510")
    assert transfer.assigned_agent_id is None
    assert transfer.context.reason == "consumer asked for a person"


def test_knows_no_reason_where_none_is_given():
    assert Context(None, [{"actionReason": {"reason": 5}}, "odd"]).reason is None


def test_reads_assignments_dialogs_and_scores(closed):
    assert [each.agent_id for each in closed.interactions] == ["2210045071", "2210063318"]
    assert [(each.type, each.skill_id) for each in closed.dialogs] == [("MAIN", "880151510"), ("POST_SURVEY", None)]
    assert [(each.raw_score, each.mcs) for each in closed.scores] == [(-38, 41), (0, 41), (82, 74)]


def test_reads_the_survey_with_an_unrecognised_answer(closed):
    (survey,) = closed.surveys
    assert (survey.status, survey.survey_id, len(survey.answers)) == ("FILLED", "880180110", 3)
    assert survey.answers[2] == SurveyAnswer(
        question="Anything else?",
        answer="Noor was kind",
        question_id="q-txt",
        question_name="Comment",
        question_type="custom",
        question_format="open",
        answer_id="InvalidAnswer",
        answer_seq=3,
        is_valid=False,
    )


def test_unwraps_attributes_with_mixed_timestamps(closed):
    customer, personal = closed.sdes
    assert customer.body["customerType"] == "gold"
    assert (customer.at_ms, customer.original_at_ms) == (1715677330900, 1715677330120)
    assert (personal.name, personal.body["surname"], personal.is_authenticated) == ("personalInfo", "Marchetti", True)


def test_reads_what_only_an_open_transcript_shows(closed, queued):
    assert [each.delivery for each in closed.statuses] == ["ACCEPT", "READ"]
    assert closed.summary.notes[0].text == "Parcel 2 re-sent"
    assert (closed.response_time.due_at_ms, closed.response_time.configured_ms) == (None, 600000)
    assert (closed.campaign.campaign_name, closed.campaign.lob_id) == ("Support pages", "880169510")
    lazily = (queued.summary, queued.response_time, queued.campaign, queued.monitoring, queued.statuses)
    assert lazily == (None, None, None, None, ())


def test_reads_where_the_visit_began():
    record = parse_conversation({"monitoring": {"country": "France", "conversationStartPageTitle": "Help"}})
    assert (record.monitoring.country, record.monitoring.start_page_title) == ("France", "Help")


def test_freezes_what_it_gives(closed):
    with pytest.raises(AttributeError):
        closed.messages[0].text = "other"
    with pytest.raises(AttributeError):
        closed.info = None


def test_keeps_the_very_json_that_came():
    value = payload("search_page.json")["conversationHistoryRecords"][0]
    record = parse_conversation(value)
    assert record.raw is value
    assert value == payload("search_page.json")["conversationHistoryRecords"][0]
