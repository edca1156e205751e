import json
import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from interactions.liveperson import Problem, encode, parse_conversation
from interactions.liveperson.records.coerce import LATEST_MS

ID = "b7c4d1e0-5a93-4f6e-9c1d-2e8f70a1b345"
HUGE = 10**400


def read(**containers):
    containers.setdefault("info", {})
    if isinstance(containers["info"], dict):
        containers["info"] = {"conversationId": ID, **containers["info"]}
    return parse_conversation(containers)


def message(**fields):
    record = read(messageRecords=[fields])
    return record.messages[0], [problem.path for problem in record.problems]


@pytest.mark.parametrize("strange", [False, True], ids=["strict", "unstrict"])
@pytest.mark.parametrize(
    "key, value, attribute, expected",
    [
        *[("latestAgentNickname", word, "latest_agent_nickname", None) for word in ("undefined", "null", "NA", "N/A")],
        ("latestAgentNickname", "", "latest_agent_nickname", None),
        ("latestAgentNickname", None, "latest_agent_nickname", None),
        ("latestAgentNickname", "Unassigned", "latest_agent_nickname", None),
        ("latestAgentNickname", "Zoë", "latest_agent_nickname", "Zoë"),
        ("latestSkillName", "Unassigned", "latest_skill_name", None),
        *[("latestAgentId", nobody, "latest_agent_id", None) for nobody in ("0", 0, "-1", -1, "undefined", "null")],
        ("latestAgentId", 2210063318, "latest_agent_id", "2210063318"),
        ("latestAgentId", 2210063318.0, "latest_agent_id", "2210063318"),
        ("latestSkillId", -1, "latest_skill_id", None),
        ("latestSkillId", "-1", "latest_skill_id", None),
        ("latestSkillId", "880151510", "latest_skill_id", "880151510"),
        ("latestAgentGroupId", -1, "latest_agent_group_id", "-1"),
        ("latestAgentGroupId", "-1", "latest_agent_group_id", "-1"),
        ("endTimeL", -1, "ended_at_ms", None),
        ("endTimeL", "undefined", "ended_at_ms", None),
        ("endTimeL", "1715677905120", "ended_at_ms", 1715677905120),
        ("endTimeL", 1715677905120.0, "ended_at_ms", 1715677905120),
        ("endTime", "undefined", "ended_at_ms", None),
        ("endTime", "2024-05-14 09:11:45.120+0000", "ended_at_ms", 1715677905120),
        ("endTime", "2024-05-14 09:11:45", "ended_at_ms", 1715677905000),
        ("csatRate", 5, "csat", 5),
        ("csatRate", "4", "csat", 4),
        ("csat", 3, "csat", 3),
        ("csatRate", 0, "csat", None),
        ("csatRate", -1, "csat", None),
        ("mcs", 0, "mcs", 0),
        ("mcs", "100", "mcs", 100),
        ("mcs", "", "mcs", None),
        ("alertedMCS", "-1", "mcs_band", -1),
        ("duration", 0, "duration", 0),
        ("firstConversation", "true", "first_conversation", True),
        ("firstConversation", "No", "first_conversation", False),
        ("firstConversation", 1, "first_conversation", True),
        ("firstConversation", 0, "first_conversation", False),
        ("firstConversation", "undefined", "first_conversation", None),
        ("features", ["A", 5, "NA"], "features", ("A", "5")),
        ("features", "undefined", "features", ()),
        ("someday", {"new": 1}, "status", None),
    ],
)
def test_reads_without_a_problem(key, value, attribute, expected, strange):
    # A NUL elsewhere in the record takes the slower way, on which each text is looked at.
    record = read(info={key: value}, unknown="\0" if strange else "")
    assert (getattr(record.info, attribute), record.problems) == (expected, ())


@pytest.mark.parametrize(
    "key, value, attribute, what",
    [
        ("status", ["OPEN"], "status", "expected text, found a list"),
        ("status", True, "status", "expected text, found true or false"),
        ("status", math.nan, "status", "not a finite number"),
        ("status", HUGE, "status", "a number beyond 64 bits"),
        ("latestAgentId", {"id": 1}, "latest_agent_id", "expected text, found an object"),
        ("csatRate", 7, "csat", "outside 1 to 5"),
        ("csatRate", 4.5, "csat", "not a whole number"),
        ("csatRate", "good", "csat", "expected a whole number, found other text"),
        ("mcs", 101, "mcs", "outside 0 to 100"),
        ("mcs", -1, "mcs", "outside 0 to 100"),
        ("mcs", True, "mcs", "expected a number, found true or false"),
        ("mcs", math.inf, "mcs", "not a whole number"),
        ("mcs", 1e300, "mcs", "a number beyond 64 bits"),
        ("alertedMCS", 2, "mcs_band", "outside -1 to 1"),
        ("duration", HUGE, "duration", "a number beyond 64 bits"),
        ("duration", "9" * 20, "duration", "a number beyond 64 bits"),
        ("startTimeL", 0, "started_at_ms", "a time outside 1970 to 9999"),
        ("startTimeL", 10**15, "started_at_ms", "a time outside 1970 to 9999"),
        ("startTime", "yesterday", "started_at_ms", "expected a time"),
        ("startTimeL", [], "started_at_ms", "expected a number, found a list"),
        ("firstConversation", "maybe", "first_conversation", "expected true or false, found text"),
        ("firstConversation", 7, "first_conversation", "expected true or false, found a number"),
        ("firstConversation", {}, "first_conversation", "expected true or false, found an object"),
    ],
)
def test_gives_nothing_and_a_problem_for_what_cannot_be_used(key, value, attribute, what):
    record = read(info={key: value})
    assert getattr(record.info, attribute) is None
    assert record.problems == (Problem(f"info.{key}", what),)


def test_takes_the_text_of_a_time_when_the_number_is_no_use():
    info = read(info={"startTimeL": -1, "startTime": "2024-05-14 09:02:11.418+0000"}).info
    assert info.started_at_ms == 1715677331418


def test_knows_the_main_group_from_no_group():
    named = read(info={"latestAgentGroupId": -1, "latestAgentGroupName": "Main Group"}).info
    unassigned = read(info={"latestAgentGroupId": -1, "latestAgentGroupName": "Unassigned"}).info
    assert (named.latest_agent_group_id, unassigned.latest_agent_group_id) == ("-1", None)


def test_keeps_fractions_of_a_number_that_stands_for_text():
    assert read(info={"appVersion": 1.5}).info.app_version == "1.5"


@pytest.mark.parametrize("bad", ["\0", "\ud800", "\udfff"])
@pytest.mark.parametrize("key", ["text", "caption"])
def test_replaces_what_cannot_be_stored_and_says_so(bad, key):
    data = {"msg": {"text": f"a{bad}b"}} if key == "text" else {"file": {"caption": f"a{bad}b"}}
    found, problems = message(messageData=data)
    assert (found.text or found.file.caption) == "a\ufffdb"
    assert problems == [f"messageRecords[0].messageData.{'msg.text' if key == 'text' else 'file.caption'}"]


@pytest.mark.parametrize("word", ["NA", "null", "undefined", "-1", "line\nbreak"])
@pytest.mark.parametrize("unclean", ["", "\0"])
def test_takes_people_at_their_word(word, unclean):
    record = read(messageRecords=[{"messageData": {"msg": {"text": word}}}], unknown=unclean)
    assert (record.messages[0].text, record.problems) == (word, ())


@pytest.mark.parametrize(
    "data, text",
    [
        (None, None),
        ({}, None),
        ({"msg": {}}, None),
        ({"msg": {"text": ""}}, None),
        ({"msg": "bare"}, "bare"),
        ({"msg": {"text": 5}}, "5"),
        ({"msg": None, "file": None}, None),
    ],
)
def test_copes_with_missing_and_bare_message_data(data, text):
    found, problems = message(messageData=data)
    assert (found.text, problems) == (text, [])


@pytest.mark.parametrize(
    "data, path",
    [
        ("gone", "messageData"),
        ({"msg": ["a"]}, "messageData.msg"),
        ({"richContent": 5}, "messageData.richContent"),
        ({"richContent": {"content": "{broken"}}, "messageData.richContent.content"),
        ({"quickReplies": {"content": "[" * 5000}}, "messageData.quickReplies.content"),
        ({"quickReplies": {"content": "[" * 80 + "]" * 80}}, "messageData.quickReplies.content"),
        ({"quickReplies": {"content": '{"a":"\\u0000"}'}}, "messageData.quickReplies.content"),
        ({"quickReplies": {"content": '{"a":"\\ud800"}'}}, "messageData.quickReplies.content"),
        ({"quickReplies": {"content": '{"a":NaN}'}}, "messageData.quickReplies.content"),
        ({"quickReplies": {"content": '{"a":9223372036854775808}'}}, "messageData.quickReplies.content"),
    ],
)
def test_never_loses_a_message_over_what_is_inside_it(data, path):
    found, problems = message(messageId="m-1", messageData=data)
    assert (found.message_id, problems) == ("m-1", [f"messageRecords[0].{path}"])
    assert found.raw["messageData"] == data


@pytest.mark.parametrize("content", [{"type": "text"}, '{"type":"text"}', '{"type":"\\u0074ext"}'])
@pytest.mark.parametrize("unclean", ["", "\0"])
def test_accepts_inner_json_as_text_or_as_it_is(content, unclean):
    record = read(messageRecords=[{"messageData": {"richContent": {"content": content}}}], unknown=unclean)
    assert record.messages[0].rich_content == {"type": "text"}


def test_makes_inner_json_storable():
    found, _ = message(messageData={"richContent": {"content": {"a\0": [1, HUGE, math.inf, "\ud800", None, True]}}})
    assert found.rich_content == {"a\ufffd": [1, None, None, "\ufffd", None, True]}


def test_gives_up_on_bottomless_inner_json():
    bottomless = deep = []
    for _ in range(300):
        deep.append([])
        deep = deep[0]
    found, problems = message(messageData={"richContent": {"content": bottomless}})
    assert (found.rich_content, problems) == (None, ["messageRecords[0].messageData.richContent.content"])


@pytest.mark.parametrize(
    "key, spelling, item, attribute",
    [
        ("consumerParticipants", "consumerParticipant", {"participantId": "c-1"}, "consumer_participants"),
        ("messageScores", "messageScore", {"mcs": 5}, "scores"),
        ("messageRecords", "messagesRecords", {"messageId": "m"}, "messages"),
    ],
)
def test_accepts_both_spellings_of_a_list(key, spelling, item, attribute):
    assert getattr(read(**{key: [item]}), attribute) == getattr(read(**{spelling: [item]}), attribute) != ()


@pytest.mark.parametrize("prefix", ["assignedAgent", "agent"])
def test_accepts_both_spellings_of_an_assignment(prefix):
    (found,) = read(interactions=[{f"{prefix}Id": "7", f"{prefix}LoginName": "noor"}]).interactions
    assert (found.agent_id, found.agent_login_name) == ("7", "noor")


@pytest.mark.parametrize("key", ["locationId", "LocationId"])
def test_accepts_both_spellings_of_a_place(key):
    assert read(campaign={key: 7}).campaign.location_id == "7"


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({"userType": "2"}, "2"),
        ({"userType": 2}, "2"),
        ({"userTypeName": "Bot"}, "2"),
        ({"userTypeName": "System"}, "0"),
        ({"userType": "human"}, "1"),
        ({"userType": "9"}, "9"),
        ({}, None),
    ],
)
def test_reads_the_kind_of_user_from_either_name(fields, expected):
    (found,) = read(agentParticipants=[{"agentId": "1", **fields}]).agent_participants
    assert found.user_type == expected


@pytest.mark.parametrize(
    "event, body, name",
    [
        ({"personalInfo": {"personalInfo": {"name": "Ilse"}}}, {"name": "Ilse"}, "personalInfo"),
        ({"personalInfo": {"name": "Ilse", "serverTimeStamp": "1"}}, {"name": "Ilse"}, "personalInfo"),
        ({"cartStatus": {"total": 11.7}}, {"total": 11.7}, "cartStatus"),
        ({"sdeType": "LEAD"}, {}, None),
        ({"brandNew": {"a": HUGE}}, {"a": None}, "brandNew"),
        ({"brandNew": {"a": 2**63}}, {"a": None}, "brandNew"),
        ({"brandNew": {"a": "1" * 30}}, {"a": "1" * 30}, "brandNew"),
    ],
)
@pytest.mark.parametrize("container", ["sdes", "SDEs", "unAuthSdes"])
def test_accepts_both_wrappings_of_an_attribute(event, body, name, container):
    (found,) = read(**{container: {"events": [event]}}).sdes
    assert (found.body, found.name, found.is_authenticated) == (body, name, container != "unAuthSdes")


def test_reads_attributes_without_their_holder_and_their_own_word_on_trust():
    record = read(sdes=[{"isAuthenticated": False, "lead": {"topic": "sofa"}, "serverTimeStamp": 1715677330900}])
    assert [(sde.is_authenticated, sde.at_ms) for sde in record.sdes] == [(False, 1715677330900)]
    assert read(sdes="undefined").sdes == read(sdes={"events": None}).sdes == ()


def test_gives_an_attribute_nested_beyond_storing_as_empty():
    deep = {"a": 1}
    for _ in range(300):
        deep = {"a": deep}
    record = read(sdes={"events": [{"lead": deep}]})
    assert record.sdes[0].body == {}
    assert record.problems[0].what == "nested too deeply"


@pytest.mark.parametrize(
    "summary, text, notes",
    [
        ("all well", "all well", 0),
        ({"text": "all well"}, "all well", 0),
        ({"text": '[{"noteContent":"a"},{"noteContent":"b"}]'}, '[{"noteContent":"a"},{"noteContent":"b"}]', 2),
        ({"text": "[{broken"}, "[{broken", 0),
    ],
)
def test_reads_a_summary_plain_or_as_notes(summary, text, notes):
    found = read(summary=summary).summary
    assert (found.text, len(found.notes)) == (text, notes)
    assert read(summary="").summary is None


def test_keeps_no_predefined_content_that_was_not_used():
    assert message(predefinedContent=False, predefinedContentId="5")[0].predefined is None
    assert message(predefinedContent=None)[0].predefined is None


def test_keeps_predefined_content_without_an_id():
    found = message(predefinedContent=True, predefinedContentEdited=True)[0].predefined
    assert (found.id, found.is_edited) == (None, True)


@pytest.mark.parametrize(
    ("data", "unread"),
    [
        ({"quickReplies": {"content": "{broken"}}, ("quick_replies",)),
        ({"quickReplies": "menu", "richContent": {"content": "{"}}, ("quick_replies", "rich_content")),
        ({"quickReplies": {"content": ""}, "richContent": {"content": "[]"}}, None),
        ({"quickReplies": {"content": "null"}, "richContent": None}, None),
        ({"quickReplies": {"content": '{"replies":[]}'}}, None),
        ({"quickReplies": {}}, None),
    ],
)
def test_tells_what_came_and_could_not_be_read(data, unread):
    found, _ = message(messageData={"msg": {"text": "Which one?"}, **data})
    assert (found.text, found.unread) == ("Which one?", unread)


def test_names_only_places_that_can_be_stored():
    record = read(sdes={"events": [{"b\0dy": {"b\0dy": {"a": "\ud800"}}}]})
    assert [problem.path for problem in record.problems][-1] == "sdes.events[0].body.b\ufffddy"


@pytest.mark.parametrize("value", [None, [], "text", 5, True, math.nan, HUGE, {}, {"info": None}, {"info": []}])
def test_returns_a_record_without_id_too(value):
    record = parse_conversation(value)
    assert record.info.conversation_id is None
    assert Problem("info.conversationId", "missing") in record.problems
    assert record.raw is value


@pytest.mark.parametrize("odd", [{"0": {}}, "text", 5, [None, "x", [], 7]])
def test_notes_containers_of_another_shape(odd):
    record = read(messageRecords=odd, dialogs=None, transfers="undefined")
    assert record.messages == ()
    assert all(problem.path.startswith("messageRecords") for problem in record.problems) and record.problems


def test_stops_noting_when_everything_is_odd():
    assert len(read(messageRecords=["odd"] * 5000).problems) == 100


def test_says_nothing_of_the_value_in_a_problem():
    record = read(info={"csatRate": "my secret words"}, messageRecords=[{"seq": "other secret"}])
    assert "secret" not in str(record.problems)


def test_encodes_the_record_as_it_came():
    value = {"info": {"conversationId": ID}, "messageRecords": [{"text": "\ud800", "n": HUGE}]}
    assert json.loads(parse_conversation(value).encoded) == value
    assert parse_conversation({"a": "é"}).encoded == encode({"a": "é"}) == '{"a":"é"}'.encode()


def test_takes_no_time_that_some_zone_cannot_show():
    last = datetime.fromtimestamp(LATEST_MS / 1000, UTC)
    assert last.astimezone(ZoneInfo("Pacific/Kiritimati")).year == 9999
    info = parse_conversation({"info": {"endTimeL": LATEST_MS + 1, "startTimeL": LATEST_MS}}).info
    assert (info.ended_at_ms, info.started_at_ms) == (None, LATEST_MS)
