"""Every filter, compared with the same condition asked of the full records in plain Python."""

from __future__ import annotations

import re

import pytest

from .conftest import ANCHOR_MS, DAY

TEN = 600_000
LOW = (ANCHOR_MS - 20 * DAY) // TEN * TEN
HIGH = ANCHOR_MS - 6 * DAY + -(ANCHOR_MS - 6 * DAY) % TEN


def info(record, name, default=None):
    return record["info"].get(name, default)


def rating(record):
    return info(record, "csatRate", info(record, "csat", -1))


def instants(value):
    """Every instant anywhere in a record."""
    if isinstance(value, list):
        return [each for item in value for each in instants(item)]
    if isinstance(value, dict):
        own = [each for key, each in value.items() if key.lower().endswith("timel") and isinstance(each, int)]
        return own + [each for item in value.values() for each in instants(item)]
    return []


def changed(record):
    return max(instants(record))


def seconds(record):
    end = info(record, "conversationEndTimeL") or info(record, "endTimeL") or -1
    return ((end if end > 0 else changed(record)) - info(record, "startTimeL")) // 1000


def skills(record):
    ways = record.get("transfers", [])
    return {info(record, "latestSkillId")} | {w[k] for w in ways for k in ("targetSkillId", "sourceSkillId")}


def agents(record, permission="ASSIGNED_AGENT"):
    return {p["agentId"] for p in record.get("agentParticipants", []) if p["permission"] == permission}


def data(record):
    return [datum for survey in record.get("conversationSurveys", []) for datum in survey.get("surveyData", [])]


def answers(record, kind):
    return [d["answer"] for d in data(record) if d.get("questionType") == kind and d.get("isValidAnswer")]


def text(record):
    return "\n".join(m["messageData"].get("msg", {}).get("text", "") for m in record["messageRecords"]).lower()


def words(record):
    return set(re.findall(r"\w+", text(record)))


def types(record):
    return {message["type"] for message in record["messageRecords"]}


def attribute_leaves(record, kind):
    events = [e for n in ("sdes", "unAuthSdes") for e in record.get(n, {}).get("events", []) if e["sdeType"] == kind]
    return str(events)


def due(record):
    return record.get("responseTime", {}).get("latestEffectiveResponseDueTime", -1)


YES = {"Yes", "Oui", "نعم", "Ja"}
CASES = [
    ({"status": ["OPEN"]}, lambda r: info(r, "status") == "OPEN"),
    ({"status": ["CLOSE", "OPEN"]}, lambda r: True),
    ({"end": {"from": LOW, "to": HIGH}}, lambda r: LOW <= info(r, "endTimeL", -1) <= HIGH),
    ({"fullDialogEndTime": {"from": LOW, "to": HIGH}}, lambda r: LOW <= info(r, "fullDialogEndTimeL", -1) <= HIGH),
    ({"latestUpdateTime": {"from": LOW + 1234}}, lambda r: changed(r) >= LOW),
    ({"latestUpdateTime": LOW + 1234}, lambda r: changed(r) >= LOW),
    ({"latestUpdateTime": {"from": str(HIGH)}}, lambda r: changed(r) >= HIGH),
    ({"skillIds": [880151410]}, lambda r: 880151410 in skills(r)),
    ({"skillIds": ["880151610", 880151510]}, lambda r: skills(r) & {880151610, 880151510}),
    ({"latestSkillIds": ["880151710"]}, lambda r: info(r, "latestSkillId") == 880151710),
    ({"latestSkillIds": [-1]}, lambda r: info(r, "latestSkillId") == -1),
    ({"agentIds": ["2210063318"]}, lambda r: "2210063318" in agents(r)),
    ({"agentIds": [2210045071]}, lambda r: "2210045071" in agents(r)),
    ({"agentIds": ["2210063528"], "userPermissions": ["AGENT_MANGER"]}, lambda r: "2210063528" in agents(r, "MANAGER")),
    ({"agentIds": ["2210063521"], "userPermissions": ["READER"]}, lambda r: "2210063521" in agents(r, "READER")),
    ({"agentIds": ["2210063353"], "userPermissions": ["AGENT", "ASSIGNED_AGENT"]},
     lambda r: "2210063353" in agents(r) | agents(r, "AGENT")),
    ({"latestAgentIds": ["2210063325", 2210063332]}, lambda r: info(r, "latestAgentId") in ("2210063325",
        "2210063332")),
    ({"latestAgentIds": ["0"]}, lambda r: info(r, "latestAgentId") == "0"),
    ({"agentGroupIds": [880160210]}, lambda r: info(r, "latestAgentGroupId") == 880160210),
    ({"keyword": "parcel"}, lambda r: "parcel" in words(r)),
    ({"keyword": "Refund card"}, lambda r: {"refund", "card"} <= words(r)),
    ({"keyword": '"so much thank you"'}, lambda r: "so much thank you" in text(r)),
    ({"keyword": '"thank you so much"'}, lambda r: re.search(r"\bthank you so much\b", text(r))),
    ({"keyword": "شكراً"}, lambda r: "شكراً" in words(r) or "شكرا" in words(r)),
    ({"keyword": "réparation"}, lambda r: "réparation" in words(r)),
    ({"summary": "delivery"}, lambda r: "delivery" in r.get("summary", {}).get("text", "").lower()),
    ({"duration": {"from": 300, "to": 900}}, lambda r: 300 <= seconds(r) <= 900),
    ({"duration": {"to": 200}}, lambda r: seconds(r) <= 200),
    ({"duration": {"from": "7200"}}, lambda r: seconds(r) >= 7200),
    ({"mcs": {"from": 0, "to": 40}}, lambda r: 0 <= info(r, "mcs", -1) <= 40),
    ({"mcs": {"from": 75}}, lambda r: info(r, "mcs", -1) >= 75),
    ({"alertedMcsValues": ["-1"]}, lambda r: info(r, "alertedMCS") == -1),
    ({"alertedMcsValues": [0, "1"]}, lambda r: info(r, "alertedMCS") in (0, 1)),
    ({"csat": {"from": 1, "to": 2}}, lambda r: 1 <= rating(r) <= 2),
    ({"csat": {"from": 5}}, lambda r: rating(r) == 5),
    ({"nps": {"from": 0, "to": 6}}, lambda r: any(int(a) <= 6 for a in answers(r, "nps"))),
    ({"fcr": ["yes"]}, lambda r: any(a in YES for a in answers(r, "fcr"))),
    ({"fcr": ["0"]}, lambda r: any(a not in YES for a in answers(r, "fcr"))),
    ({"source": ["APP", "WhatsApp Business"]}, lambda r: info(r, "source") in ("APP", "WhatsApp Business")),
    ({"device": ["MOBILE"]}, lambda r: info(r, "device") == "MOBILE"),
    ({"messageContentTypes": ["SECURE_FORM_SUBMIT", "LINK"]}, lambda r: types(r) & {"SECURE_FORM_SUBMIT", "LINK"}),
    ({"messageContentTypes": ["TEXT_HTML"]}, lambda r: "TEXT_HTML" in types(r)),
    ({"latestConversationQueueState": "IN_QUEUE"}, lambda r: info(r, "latestQueueState") == "IN_QUEUE"),
    ({"sdeSearch": {"customerInfo": {"customerType": "gold"}}},
     lambda r: "'customerType': 'gold'" in attribute_leaves(r, "CUSTOMER_INFO")),
    ({"sdeSearch": {"lead": {"topic": "kitchen planning"}, "visitorError": {"code": "E-402"}}},
     lambda r: "kitchen planning" in attribute_leaves(r, "LEAD") or "E-402" in attribute_leaves(r, "VISITOR_ERROR")),
    ({"responseTime": {"from": 1}}, lambda r: due(r) > 0),
    ({"questionBrick": "how satisfied"}, lambda r: any("how satisfied" in d["question"].lower() for d in data(r))),
    ({"answerText": ["5", "Oui"]}, lambda r: any(d["answer"] in ("5", "Oui") for d in data(r))),
    ({"surveyIds": ["880180110"]},
     lambda r: any(s.get("surveyId") == "880180110" for s in r.get("conversationSurveys", []))),
    ({"surveyBotConversations": "SURVEY_BOT"},
     lambda r: any(d["dialogType"] == "POST_SURVEY" for d in r.get("dialogs", []))),
    ({"invalidFreeTextAnswer": "INVALID_FREE_TEXT_ANSWER"},
     lambda r: any(d.get("isValidAnswer") is False for d in data(r))),
    ({"questionTypeAndFormatToRetrieve": {"type": "custom", "format": "open"}},
     lambda r: any(d.get("questionType") == "custom" for d in data(r))),
    ({"conversationsWithStepUpOnly": True}, lambda r: info(r, "wasStepUp") is True),
    ({"agentSurveySearch": {"surveyId": ["880190110"]}}, lambda r: "latestAgentSurvey" in r),
    ({"status": ["CLOSE"], "csat": {"to": 2}, "skillIds": [880151410]},
     lambda r: info(r, "status") == "CLOSE" and 1 <= rating(r) <= 2 and 880151410 in skills(r)),
]  # fmt: skip


@pytest.mark.parametrize(("body", "matches"), CASES, ids=[str(body)[:60] for body, _ in CASES])
def test_it_finds_exactly_what_matches(caller, truth, body, matches):
    expected = {each["info"]["conversationId"] for each in truth if matches(each)}
    found = [each["info"]["conversationId"] for each in caller.all(body | {"contentToRetrieve": ["info"]})]
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_it_has_something_to_find_for_nearly_every_filter(truth):
    empty = [body for body, matches in CASES if not any(matches(each) for each in truth)]
    assert len(empty) <= 3, empty


def test_it_takes_an_agents_uuid_like_the_number(caller, truth):
    person = next(p for r in truth for p in r.get("agentParticipants", []) if p["permission"] == "ASSIGNED_AGENT")
    number, uuid = (caller.search({"agentIds": [person[name]]}).json() for name in ("agentId", "agentPid"))
    assert number["_metadata"]["count"] == uuid["_metadata"]["count"] > 0
