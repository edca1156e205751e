"""What the account holds: each thing that LivePerson can deliver occurs, in the shape it has there."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from interactions.sandbox.cast import AGENTS, GROUPS, SKILLS
from interactions.sandbox.wording import AUTOMATIC

SENTINELS = {"undefined", "NA", "0", "null"}


def each(truth, container):
    return [item for record in truth for item in record.get(container, [])]


@pytest.fixture(scope="module")
def messages(truth):
    return each(truth, "messageRecords")


def automatic(message):
    texts = {text for by_language in AUTOMATIC.values() for text in by_language.values()}
    return message["messageData"].get("msg", {}).get("text") in texts


def test_it_speaks_four_languages_one_of_them_right_to_left(truth):
    count = Counter(record["info"]["language"] for record in truth)
    assert set(count) == {"en-US", "fr-FR", "ar-SA", "de-DE"}
    assert min(count.values()) > 10
    arabic = [r for r in truth if r["info"]["language"] == "ar-SA"]
    assert all(
        any("\u0621" <= c <= "\u064a" for c in json.dumps(r["messageRecords"], ensure_ascii=False)) for r in arabic
    )


@pytest.mark.parametrize("kind", ["TEXT_PLAIN", "TEXT_HTML", "LINK", "HOSTED_FILE", "IMG", "SECURE_FORM_INVITATION",
                                  "SECURE_FORM_SUBMIT", "RICH_CONTENT"])  # fmt: skip
def test_it_holds_every_content_type(messages, kind):
    assert sum(message["type"] == kind for message in messages) > 1


@pytest.mark.parametrize("reason", ["Skill", "Agent", "back2Q", "TakeOver", "SuggestedAgentTimeout"])
def test_it_holds_every_kind_of_transfer(truth, reason):
    assert any(transfer["reason"] == reason for transfer in each(truth, "transfers"))


@pytest.mark.parametrize("channel", ["SHARK", "APP", "SMS", "WhatsApp Business", "Apple Business Chat", "FACEBOOK"])
def test_it_holds_every_channel(truth, channel):
    assert any(record["info"]["source"] == channel for record in truth)


@pytest.mark.parametrize("kind", ["CUSTOMER_INFO", "PERSONAL_INFO", "CART_STATUS", "PURCHASE",
    "MARKETING_CAMPAIGN_INFO",
                                  "SEARCH_CONTENT", "VIEWED_PRODUCT", "VISITOR_ERROR", "LEAD",
                                      "SERVICE_ACTIVITY"])  # fmt: skip
def test_it_holds_every_kind_of_attribute(truth, kind):
    events = [e for r in truth for name in ("sdes", "unAuthSdes") for e in r.get(name, {}).get("events", [])]
    assert any(event["sdeType"] == kind for event in events)


def test_it_wraps_personal_attributes_once_and_twice(truth):
    events = [e["personalInfo"] for r in truth for e in r.get("sdes", {}).get("events", []) if "personalInfo" in e]
    assert {"personalInfo" in event for event in events} == {True, False}


VARIANTS = {
    "system": lambda m, people: people.get(m.get("participantId"), {}).get("userType") == "0",
    "sent by system": lambda m, people: m["sentBy"] == "System",
    "no participant": lambda m, people: "participantId" not in m,
    "zero": lambda m, people: m.get("participantId") == "0",
    "undefined": lambda m, people: m.get("participantId") == "undefined",
    "text alone": lambda m, people: people.get(m.get("participantId"), {}).get("userType") == "1",
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_it_marks_automatic_messages_in_every_way(truth, variant):
    for record in truth:
        people = {person["agentId"]: person for person in record.get("agentParticipants", [])}
        if any(VARIANTS[variant](m, people) for m in record["messageRecords"] if automatic(m)):
            return
    pytest.fail("never")


def test_it_holds_notes_quick_replies_predefined_texts_and_bot_intents(messages):
    assert any(m.get("audience") == "AGENTS_AND_MANAGERS" for m in messages)
    assert any("quickReplies" in m["messageData"] for m in messages)
    assert any(m.get("predefinedContent") for m in messages)
    assert any(
        "botResponse" in part for m in messages for part in m.get("contextData", {}).get("structuredMetadata", [])
    )


def test_it_keeps_json_in_strings_readable(truth, messages):
    inner = [
        m["messageData"][n]["content"]
        for m in messages
        for n in ("richContent", "quickReplies")
        if n in m["messageData"]
    ]
    inner += [m["contextData"]["rawMetadata"] for m in messages if "contextData" in m]
    inner += [r["summary"]["text"] for r in truth if r.get("summary", {}).get("text", "").startswith("[")]
    assert len(inner) > 100
    assert all(json.loads(text) is not None for text in inner)


def test_it_fills_every_slot(truth):
    text = json.dumps(truth, ensure_ascii=False)
    assert not [mark for mark in "\ue000\ue001\ue002\ue003\ue004\ue005" if mark in text]
    assert "%(" not in text and "{hi}" not in text


def test_it_holds_every_outcome_of_a_survey(truth):
    surveys = each(truth, "conversationSurveys")
    assert {"FILLED", "PARTIALLY_FILLED", "SKIPPED"} <= {survey["surveyStatus"] for survey in surveys}
    offered = [r for r in truth if any(d["dialogType"] == "POST_SURVEY" for d in r.get("dialogs", []))]
    assert any("conversationSurveys" not in record for record in offered)
    assert len(offered) < len(truth) * 0.75
    assert any("csatRate" in r["info"] and "conversationSurveys" not in r for r in truth)
    assert any(set(datum) == {"question", "answer"} for s in surveys for datum in s.get("surveyData", []))
    data = [datum for s in surveys for datum in s.get("surveyData", [])]
    assert {"csat", "fcr", "nps", "custom"} <= {datum.get("questionType") for datum in data}
    assert any(d.get("questionType") == "custom" and d["isValidAnswer"] is False for d in data)


def test_it_gives_ids_and_times_the_types_that_are_really_delivered(truth):
    for record in truth:
        info = record["info"]
        assert isinstance(info["latestAgentId"], str)
        assert isinstance(info["latestAgentGroupId"], int)
        assert isinstance(info["latestSkillId"], int)
        assert info["startTime"].endswith("+0000")
        assert 0 <= info.get("mcs", 0) <= 100
        assert info.get("alertedMCS", 0) in (-1, 0, 1)
        assert all(person["userType"] in "012" for person in record.get("agentParticipants", []))


def test_it_never_repeats_a_message_id_and_leaves_gaps(truth, messages):
    ids = [message["messageId"] for message in messages]
    assert len(ids) == len(set(ids))
    assert {each.split(":")[2] for each in ids} == {"dialog", "conv"}
    seqs = [m["seq"] for m in truth[5]["messageRecords"]]
    assert len(set(seqs)) < max(seqs) + 2


def test_it_orders_messages_in_time_and_lets_scores_belong_to_them(truth):
    for record in truth:
        times = [message["timeL"] for message in record["messageRecords"]]
        assert times == sorted(times)
        ids = {message["messageId"] for message in record["messageRecords"]}
        scores = record.get("messageScores") or record.get("messageScore") or []
        assert all(s["messageId"] in ids and -100 <= s["messageRawScore"] <= 100 for s in scores)
        if scores:
            assert scores[-1]["mcs"] == record["info"]["mcs"]


def test_it_writes_an_instant_twice_the_same(truth):
    from datetime import datetime

    message = truth[7]["messageRecords"][-1]
    told = datetime.strptime(message["time"], "%Y-%m-%d %H:%M:%S.%f%z")
    assert round(told.timestamp() * 1000) == message["timeL"]


def test_it_mixes_sentinels_spellings_and_absence(truth):
    infos = [record["info"] for record in truth]
    assert any(info.get("endTime") == "undefined" and info["endTimeL"] == -1 for info in infos)
    assert any("endTime" not in info for info in infos)
    assert any(info["device"] == "NA" for info in infos) and any(info["device"] == "undefined" for info in infos)
    assert any("consumerParticipant" in record for record in truth)
    assert any("messageScore" in record for record in truth)
    assert any("csat" in info for info in infos) and any("csatRate" in info for info in infos)
    assert any("conversationEndTimeL" not in info for info in infos if info["status"] == "CLOSE")


def test_it_has_open_conversations_in_queue_and_in_hand(truth):
    waiting = Counter(r["info"]["latestQueueState"] for r in truth if r["info"]["status"] == "OPEN")
    assert waiting["ACTIVE"] > 0 and waiting["IN_QUEUE"] > 0


def test_it_has_short_talks_and_some_of_a_hundred_messages(truth):
    lengths = [len(record["messageRecords"]) for record in truth]
    assert min(lengths) <= 5
    assert 1 <= sum(length >= 100 for length in lengths) <= 20


def test_it_has_visitors_without_names_and_people_who_come_back(truth):
    people = each(truth, "consumerParticipants")
    assert any(person["firstName"] == "Visitor" for person in people)
    assert max(Counter(person["participantId"] for person in people).values()) > 2
    assert {record["info"]["firstConversation"] for record in truth} == {True, False}


def test_it_has_agents_of_several_groups_a_deleted_one_and_two_namesakes(truth):
    people = each(truth, "agentParticipants")
    humans = {p["agentId"] for p in people if p["userType"] == "1" and p["permission"] == "ASSIGNED_AGENT"}
    assert len(humans) >= 25
    assert len({p["agentGroupId"] for p in people}) >= 7
    assert any(p["agentDeleted"] for p in people)
    assert len({p["agentId"] for p in people if p["agentNickname"] == "Sam"}) == 2
    assert {"MANAGER", "READER", "AGENT", "CONTROLLER"} <= {p["permission"] for p in people}
    assert {"AGENTMANAGER", "SYSTEM"} <= {p["role"] for p in people}


def test_it_lets_some_agents_change_group_over_time(truth):
    groups = {}
    for person in each(truth, "agentParticipants"):
        groups.setdefault(person["agentId"], set()).add(person["agentGroupId"])
    assert sum(len(found) == 2 for found in groups.values()) >= 3


def test_it_lets_ratings_follow_the_mood(truth):
    def mean(ratings):
        scores = [r["info"]["mcs"] for r in truth if r["info"].get("csatRate") in ratings and "mcs" in r["info"]]
        return sum(scores) / len(scores)

    assert mean({5}) > mean({3}) > mean({1})


@pytest.mark.parametrize("container", ["campaign", "monitoring", "coBrowseSessions", "summary", "responseTime",
    "intents",
                                       "uniqueIntents", "skillChanges", "latestAgentSurvey", "interactions", "dialogs",
                                       "messageStatuses", "agentParticipantsActive",
                                           "agentParticipantsLeave"])  # fmt: skip
def test_it_fills_every_container_somewhere(truth, container):
    assert any(container in record for record in truth)


def test_it_invents_everybody():
    assert all(agent.login.endswith(".example") or "@" not in agent.login for agent in AGENTS)
    assert sum(agent.user_type == "1" for agent in AGENTS) >= 28
    assert len(GROUPS) > 6 and len(SKILLS) > 8


def test_it_has_at_least_six_subjects(truth):
    assert len({record["info"]["latestSkillName"] for record in truth}) >= 8
