"""The search's body filters: each turns its value into a condition on the table's columns, or on whole records."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import bad
from .facts import CONTENT_TYPES, PERMISSIONS, QUESTIONS, YES
from .table import Codes, Table

Json = dict[str, Any]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
TEN_MINUTES = 600_000
LONGEST = 92 * 86_400_000  # three months at their longest
SDE_TYPES = {
    "personalInfo": "PERSONAL_INFO", "customerInfo": "CUSTOMER_INFO",
    "marketingCampaignInfo": "MARKETING_CAMPAIGN_INFO", "lead": "LEAD", "purchase": "PURCHASE",
    "viewedProduct": "VIEWED_PRODUCT", "cartStatus": "CART_STATUS",
    "serviceActivity": "SERVICE_ACTIVITY", "visitorError": "VISITOR_ERROR", "searchContent": "SEARCH_CONTENT",
    "searchContext": "SEARCH_CONTENT", "userUpdate": "USER_UPDATE",
}  # fmt: skip


@dataclass
class Search:
    """A search under way: conditions on columns are applied at once, those on whole records are kept for later."""

    table: Table
    codes: Codes
    now: int
    body: Json
    said: list[str] = field(default_factory=list)
    deep: list[Callable[[Json], bool]] = field(default_factory=list)

    def flags(self) -> Flags:
        found: Flags = (self.table["gone"] == 0) & (self.table["start"] <= self.now)
        if "start" not in self.body:
            raise bad("start is compulsory")
        for name, value in self.body.items():
            if name not in FILTERS:
                raise bad(f"unknown filter: {name}")
            condition = FILTERS[name](self, value)
            if condition is not None:
                found &= condition
        return found


def _range(value: Any, name: str) -> tuple[int | None, int | None]:
    if not isinstance(value, dict) or not set(value) <= {"from", "to"}:
        raise bad(f"{name} must be an object of from and to")
    bounds = [_whole(value.get(bound), name) for bound in ("from", "to")]
    if bounds == [None, None]:
        raise bad(f"{name} needs from or to")
    return bounds[0], bounds[1]


def _whole(value: Any, name: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+(\.0+)?", str(value)):
        raise bad(f"{name} takes numbers")
    return int(float(value)) if "." in str(value) else int(value)


def _words(value: Any, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, (str, int)) for each in value):
        raise bad(f"{name} must be a list")
    return [str(each) for each in value]


def _instants(column: str, name: str) -> Callable[[Search, Any], Flags]:
    """A range of instants, widened to whole ten minutes, at most three months wide."""

    def condition(search: Search, value: Any) -> Flags:
        low, high = _range(value, name)
        if low is None:
            raise bad(f"{name} needs from")
        high = search.now if high is None or high == -1 else high
        if high < low:
            raise bad(f"{name} ends before it begins")
        if high - low > LONGEST:
            raise bad(f"{name} is longer than three months")
        low, high = low // TEN_MINUTES * TEN_MINUTES, -(-high // TEN_MINUTES) * TEN_MINUTES
        cells = search.table[column]
        return (cells >= low) & (cells <= high)

    return condition


def _updated(search: Search, value: Any) -> Flags:
    low, high = (
        _range(value, "latestUpdateTime") if isinstance(value, dict) else (_whole(value, "latestUpdateTime"), None)
    )
    cells = search.table["updated"]
    found: Flags = cells >= (low or 0) // TEN_MINUTES * TEN_MINUTES
    return found if high is None else found & (cells <= -(-high // TEN_MINUTES) * TEN_MINUTES)


def _numbers(column: str, name: str, lowest: int, highest: int) -> Callable[[Search, Any], Flags]:
    def condition(search: Search, value: Any) -> Flags:
        low, high = _range(value, name)
        low, high = lowest if low is None else low, highest if high is None else high
        if not lowest <= low <= high <= highest:
            raise bad(f"{name} lies between {lowest} and {highest}")
        cells = search.table[column]
        return (cells >= low) & (cells <= high)

    return condition


def _duration(search: Search, value: Any) -> Flags:
    low, high = _range(value, "duration")
    cells = search.table["duration"]
    found: Flags = (cells >= (low or 0)) & (cells <= (13 * 31 * 86_400 if high is None else high))
    return found


def _due(search: Search, value: Any) -> Flags:
    low, high = _range(value, "responseTime")
    cells = search.table["due"]
    found: Flags = (cells > 0) & (cells >= (low or 0)) & (cells <= (1 << 61 if high is None else high))
    return found


def _among(column: str, name: str, allowed: tuple[str, ...] = ()) -> Callable[[Search, Any], Flags]:
    """A list of words, compared through their codes."""

    def condition(search: Search, value: Any) -> Flags:
        words = _words(value, name)
        unknown = [each for each in words if allowed and each not in allowed]
        if unknown:
            raise bad(f"{name} takes {', '.join(allowed)}")
        found: Flags = np.isin(search.table[column], [search.codes.known(each) for each in words])
        return found

    return condition


def _ids(column: str, name: str) -> Callable[[Search, Any], Flags]:
    """A list of ids that are numbers in the API."""

    def condition(search: Search, value: Any) -> Flags:
        wanted = [_whole(each, name) or 0 for each in _words(value, name)]
        cells = search.table[column]
        found: Flags = np.isin(cells.reshape(len(cells), -1), wanted)
        return np.asarray(found.any(axis=1))

    return condition


def _status(search: Search, value: Any) -> Flags:
    words = _words([value] if isinstance(value, str) else value, "status")
    if not words or not set(words) <= {"OPEN", "CLOSE"}:
        raise bad("status takes OPEN and CLOSE")
    found: Flags = np.isin(search.table["open"], [int(each == "OPEN") for each in words])
    return found


def _agents(search: Search, value: Any) -> Flags:
    permissions = _words(search.body.get("userPermissions", ["ASSIGNED_AGENT"]), "userPermissions")
    known = PERMISSIONS | {"AGENT_MANGER": "managers", "AGENT_MANAGER": "managers"}
    if not set(permissions) <= set(known):
        raise bad("unknown value in userPermissions")
    wanted = [search.codes.known(each) for each in _words(value, "agentIds")]
    found: Flags = np.zeros(len(search.table), dtype=bool)
    for permission in permissions:
        found |= np.isin(search.table[known[permission]], wanted).any(axis=1)
    return found


def _bands(search: Search, value: Any) -> Flags:
    bands = _words(value, "alertedMcsValues")
    if not set(bands) <= {"-1", "0", "1"}:
        raise bad("alertedMcsValues takes -1, 0, 1")
    found: Flags = np.isin(search.table["band"], [int(each) for each in bands])
    return found


def _solved(search: Search, value: Any) -> Flags:
    answers = [each.lower() for each in _words(value, "fcr")]
    if not set(answers) <= {"yes", "no", "1", "0"}:
        raise bad("fcr takes yes and no")
    found: Flags = np.isin(search.table["fcr"], [int(each in YES) for each in answers])
    return found


def _types(search: Search, value: Any) -> Flags:
    wanted = _words(value, "messageContentTypes")
    if not set(wanted) <= set(CONTENT_TYPES):
        raise bad("unknown value in messageContentTypes")
    bits = sum(1 << CONTENT_TYPES.index(each) for each in set(wanted))
    found: Flags = (search.table["types"] & bits) > 0
    return found


def _queue(search: Search, value: Any) -> Flags:
    if value not in ("IN_QUEUE", "ACTIVE"):
        raise bad("latestConversationQueueState takes IN_QUEUE or ACTIVE")
    found: Flags = search.table["queued"] == int(value == "IN_QUEUE")
    return found


def _flag(column: str, name: str, word: Any) -> Callable[[Search, Any], Flags | None]:
    def condition(search: Search, value: Any) -> Flags | None:
        if value is False:
            return None
        if value != word:
            raise bad(f"{name} takes {word}")
        found: Flags = search.table[column] == 1
        return found

    return condition


def _question(search: Search, value: Any) -> Flags:
    wanted = {"type", "format"}
    if not isinstance(value, dict) or not set(value) <= wanted:
        raise bad("questionTypeAndFormatToRetrieve takes type and format")
    bits = 0
    for position, (kind, form) in enumerate(QUESTIONS):
        if value.get("type", kind) == kind and value.get("format", form) == form:
            bits |= 1 << position
    found: Flags = (search.table["questions"] & bits) > 0
    return found


def _keyword(search: Search, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise bad("keyword must be text")
    search.said.append(value)


def _deep(predicate: Callable[[Json, Any], bool]) -> Callable[[Search, Any], None]:
    def condition(search: Search, value: Any) -> None:
        search.deep.append(lambda record: predicate(record, value))

    return condition


def says(text: str, wanted: str) -> bool:
    """A phrase in double quotes as it stands, else every word; case does not matter."""
    text, wanted = text.lower(), wanted.strip().lower()
    if len(wanted) > 2 and wanted[0] == wanted[-1] == '"':
        return re.search(rf"(?<!\w){re.escape(wanted[1:-1])}(?!\w)", text) is not None
    found = set(re.findall(r"\w+", text))
    return all(each in found for each in re.findall(r"\w+", wanted))


def _summary(record: Json, value: Any) -> bool:
    return says(str((record.get("summary") or {}).get("text", "")), str(value))


def _data(record: Json) -> list[Json]:
    return [datum for survey in record.get("conversationSurveys") or [] for datum in survey.get("surveyData") or []]


def _asked(record: Json, value: Any) -> bool:
    return any(str(value).lower() in str(each.get("question")).lower() for each in _data(record))


def _answered(record: Json, value: Any) -> bool:
    answers = {str(each.get("answer")).lower() for each in _data(record)}
    return any(str(each).lower() in answers for each in value)


def _surveys(record: Json, value: Any) -> bool:
    ids = {str(each.get("surveyId")) for each in record.get("conversationSurveys") or []}
    return any(str(each) in ids for each in value)


def _attributes(record: Json, value: Any) -> bool:
    """Any of the named kinds is there with all the given values somewhere in it."""
    events = [e for name in ("sdes", "unAuthSdes") for e in (record.get(name) or {}).get("events", [])]
    for kind, wanted in value.items():
        for event in events:
            if event.get("sdeType") == SDE_TYPES.get(kind) and _leaves(wanted) <= _leaves(event):
                return True
    return False


def _leaves(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {leaf for each in value.values() for leaf in _leaves(each)}
    if isinstance(value, list):
        return {leaf for each in value for leaf in _leaves(each)}
    return set() if value is None else {str(value).lower()}


def _agent_survey(record: Json, value: Any) -> bool:
    survey = record.get("latestAgentSurvey") or {}
    answers = survey.get("submittedAnswers", [])
    tests = {
        "pendingAgentSurvey": lambda wanted: bool((record.get("info") or {}).get("pendingAgentSurvey")) in wanted,
        "questionId": lambda wanted: any(str(a.get("questionId")) in wanted for a in answers),
        "surveyId": lambda wanted: str(survey.get("surveyId")) in [str(each) for each in wanted],
        "answerKeywords": lambda wanted: any(w.lower() in str(a).lower() for a in answers for w in wanted),
    }
    tests["questionKeywords"] = tests["questionName"] = tests["answerKeywords"]
    return all(tests[name](wanted) for name, wanted in value.items() if name in tests)


def _nothing(search: Search, value: Any) -> None:
    """Changes what is delivered, or belongs to another filter."""


FILTERS: dict[str, Callable[[Search, Any], Flags | None]] = {
    "start": _instants("start", "start"),
    "end": _instants("end", "end"),
    "fullDialogEndTime": _instants("full_end", "fullDialogEndTime"),
    "status": _status,
    "latestUpdateTime": _updated,
    "skillIds": _ids("skills", "skillIds"),
    "latestSkillIds": _ids("skill", "latestSkillIds"),
    "agentIds": _agents,
    "userPermissions": _nothing,
    "latestAgentIds": _among("agent", "latestAgentIds"),
    "agentGroupIds": _ids("group", "agentGroupIds"),
    "keyword": _keyword,
    "summary": _deep(_summary),
    "duration": _duration,
    "mcs": _numbers("mcs", "mcs", 0, 100),
    "alertedMcsValues": _bands,
    "csat": _numbers("csat", "csat", 1, 5),
    "nps": _numbers("nps", "nps", 0, 10),
    "fcr": _solved,
    "source": _among("source", "source", (
        "APP", "SHARK", "AGENT", "SMS", "FACEBOOK", "Apple Business Chat", "WhatsApp Business")),
    "device": _among("device", "device", ("DESKTOP", "TABLET", "MOBILE", "NA")),
    "messageContentTypes": _types,
    "latestConversationQueueState": _queue,
    "sdeSearch": _deep(_attributes),
    "responseTime": _due,
    "questionBrick": _deep(_asked),
    "answerText": _deep(_answered),
    "surveyIds": _deep(_surveys),
    "surveyBotConversations": _flag("survey_bot", "surveyBotConversations", "SURVEY_BOT"),
    "invalidFreeTextAnswer": _flag("unclear", "invalidFreeTextAnswer", "INVALID_FREE_TEXT_ANSWER"),
    "questionTypeAndFormatToRetrieve": _question,
    "selectedIntentOnly": _nothing,
    "conversationsWithStepUpOnly": _flag("step_up", "conversationsWithStepUpOnly", True),
    "agentSurveySearch": _deep(_agent_survey),
    "annotationStates": _deep(lambda record, value: False),
    "contentToRetrieve": _nothing,
    "cappingConfiguration": _nothing,
}  # fmt: skip
