"""How a conversation ends: closing, the survey by bot in its own dialog, summary, agent survey."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import orjson

from .slots import digits, number, text
from .stage import Stage, skill_name, when
from .story import Story
from .wording import SURVEY

# How surveys end, with a rating and without; some answers are none that the bot understands.
RATED_STATES = {"abandoned": 7, "answered": 34, "old_csat": 2}
OTHER_STATES = {"not_offered": 42, "offered": 15, "abandoned": 0.35, "answered": 1.7}
RATING = {  # arc -> chances of 1..5
    "happy": (1, 1, 5, 28, 65), "neutral": (4, 10, 36, 38, 12), "recovering": (4, 8, 18, 40, 30),
    "angry": (66, 22, 8, 3, 1), "escalating": (48, 24, 14, 10, 4), "takeover": (38, 24, 18, 14, 6),
    "silent": (20, 20, 30, 20, 10), "abandoned": (80, 15, 5, 0, 0), "bot_only": (8, 10, 22, 35, 25),
    "long": (2, 4, 14, 40, 40),
}  # fmt: skip


@dataclass
class Outcome:
    """Events of the close, of the end with survey, and of the rating."""

    closed: int
    ended: int
    surveyed: bool
    csat: int | None


def close(stage: Stage, story: Story, rng: random.Random, index: int, rated: bool) -> Outcome:
    """Closes the talk, then perhaps asks the survey, which ends with a rating or without."""
    _response_time(stage, rng)
    closed = stage.event()
    _dialog(stage, "C", "MAIN", 0, closed, story)
    for role in list(stage.present):
        stage.leave(role)
    _summary(stage, story, rng, closed)
    _agent_survey(stage, story, rng, closed)
    _intents(stage, story, rng)
    states = RATED_STATES if rated else OTHER_STATES
    state = rng.choices(list(states), list(states.values()))[0]
    if not rated and state != "not_offered" and (story.arc == "abandoned" or stage.old):
        state = "offered"
    if state == "not_offered":
        return Outcome(closed, closed, False, None)
    if state == "old_csat" or (stage.old and state == "answered"):
        return _old_survey(stage, closed, record=index % 2 == 0)
    return _survey(stage, story, rng, closed, state, rated)


def _dialog(stage: Stage, dialog: str, kind: str, start: int, end: int, story: Story) -> None:
    main = kind == "MAIN"
    common: dict[str, Any] = {"dialogType": kind, "dialogChannelType": "MESSAGING", **when(start, "startTime")}
    skill: dict[str, Any] = {"skillId": stage.skill if main else -1}
    if main and stage.skill != -1:
        skill["skillName"] = skill_name(stage.skill)
    identity = {"dialogId": text(dialog)}
    stage.add("dialogs", start, {**identity, "status": "OPEN", **common, **skill}, until=end)
    closing: dict[str, Any] = {**when(end, "endTime"), "closeReason": story.closed_by if main else "AGENT"}
    if main:
        closing["closeReasonDescription"] = story.close_text
    stage.add("dialogs", end, {**identity, "status": "CLOSE", **common, **closing, **skill})


def _response_time(stage: Stage, rng: random.Random) -> None:
    if rng.random() < 0.6:
        stage.add(
            "responseTime", 0, {"latestEffectiveResponseDueTime": number("due"), "configuredResponseTime": 600000}
        )


def _summary(stage: Stage, story: Story, rng: random.Random, closed: int) -> None:
    if rng.random() > 0.2 or stage.clock < 60_000 or story.arc in ("bot_only", "abandoned"):
        return
    words = f"{story.subject.name}: {story.words['product']}, {story.words['ticket']}"
    if rng.random() < 0.5:
        note = {"agentId": text("A.id"), "name": text("A.nick"), "noteContent": words, "time": number(f"l{closed}")}
        listed = orjson.dumps([{**note, "noteId": "n1", "isAutoSummary": False}]).decode()
        words = listed.replace(f'"{number(f"l{closed}")}"', digits(f"l{closed}"))
    stage.add("summary", closed, {"text": words, "lastUpdatedTime": number(f"l{closed}")})


def _agent_survey(stage: Stage, story: Story, rng: random.Random, closed: int) -> None:
    if rng.random() > 0.06 or story.arc in ("bot_only", "abandoned"):
        return
    answer = {"answer": story.subject.name, "answerId": "aa-1"}
    question = {"questionText": "What was it about?", "questionId": "aq-1", "questionDefinition": "single"}
    body = {
        "surveyStatus": "SUBMITTED",
        "surveyId": "880190110",
        "acSurveyRevision": 3,
        "surveySkillId": stage.skill,
        "assignedAgentId": text("A.id"),
        "performingAgentId": text("A.id"),
        "lastUpdateTime": number(f"l{closed}"),
        "submittedAnswers": [{**question, "questionCategory": "wrap-up", "answers": [answer]}],
    }
    stage.add("latestAgentSurvey", closed, body)


def _intents(stage: Stage, story: Story, rng: random.Random) -> None:
    """What the first words were taken for, when the front desk bot listened."""
    first = next(each for each in stage.entries if each.container == "messageRecords")
    for name, label in story.intents:
        version = [{"modelName": "retail", "modelVersion": "7"}]
        found = {"intentName": name, "intentLabel": label, "confidenceScore": 0.87, "versions": version}
        body = {"selectedClassification": found, "allClassifications": [found], "messageId": first.body["messageId"]}
        stage.add("intents", first.since, body)
        stage.add("uniqueIntents", first.since, {"intentName": name, "intentLabel": label})


def _old_survey(stage: Stage, closed: int, record: bool) -> Outcome:
    """A rating of the old kind: a record of question and answer alone, or no survey record at all."""
    stage.wait(20, 200)
    event = stage.event()
    if record:
        pair = {"question": SURVEY["csat"][stage.lang], "answer": digits("csat")}
        body = {"surveyType": "Satisfaction", "surveyStatus": "FILLED", "surveyData": [pair]}
        stage.add("conversationSurveys", event, body)
    return Outcome(closed, event, False, event)


def _survey(stage: Stage, story: Story, rng: random.Random, closed: int, state: str, rated: bool) -> Outcome:
    stage.wait(1, 4)
    stage.dialog, stage.seq = "D", 0
    opened = stage.event()
    stage.join("S")
    stage.wait(1, 3)
    answers: list[dict[str, Any]] = []
    rating: int | None = None
    for number_, (kind, question) in enumerate(_questions(stage, rng, state)):
        stage.say("S", question)
        if state == "offered" or (state == "abandoned" and number_ > 0):
            break
        stage.wait(5, 60)
        if number_ == 0 and rng.random() < 0.12:  # the phone was in the pocket
            stage.wait(3 * 3600, 60 * 3600)
        given, more, valid = _answer(story, rng, kind, rated)
        stage.say("C", given)
        answered = stage.event()
        if kind == "csat" and valid:
            rating = answered
        answers = [*answers, _datum(kind, question, given, more, valid, len(answers) + 1)]
        _grow(stage, answers, answered)
        stage.wait(1, 3)
    if state != "answered":
        stage.wait(1800, 86400)
    ended = stage.event()
    if answers and state == "answered":
        stage.wait(0, 0)
        _record(stage, answers, "FILLED", ended)
    elif not answers and rng.random() < 0.4:
        _record(stage, [], "SKIPPED", ended)
    stage.leave("S")
    _dialog(stage, "D", "POST_SURVEY", opened, ended, story)
    return Outcome(closed, ended, True, rating)


def _questions(stage: Stage, rng: random.Random, state: str) -> list[tuple[str, str]]:
    more = [kind for kind, chance in (("fcr", 0.6), ("nps", 0.25), ("custom", 0.5)) if rng.random() < chance]
    return [(kind, SURVEY[kind][stage.lang]) for kind in ["csat", *more]]


def _answer(story: Story, rng: random.Random, kind: str, rated: bool) -> tuple[str, str, bool]:
    """What a consumer writes, the answer's id and whether the bot understood; `answers` fills in the opinion."""
    odd = not rated if kind == "csat" else rng.random() < 0.05
    if odd:
        return story.fill(rng.choice(story.language.common.beats["odd"]).lines[0].text), "InvalidAnswer", False
    if kind == "custom":
        valid = rng.random() < 0.5
        return text("comment"), "a-text" if valid else "InvalidAnswer", valid
    if kind == "fcr":
        return text("fcr"), text("fcr_id"), True
    return digits(kind), f"a-{digits(kind)}", True


def _datum(kind: str, question: str, given: str, answer_id: str, valid: bool, order: int) -> dict[str, Any]:
    names = {"csat": "Satisfaction", "fcr": "Solved", "nps": "Recommend", "custom": "Comment"}
    return {
        "question": question,
        "answer": given,
        "questionId": f"q-{kind}",
        "answerId": answer_id,
        "questionType": kind,
        "questionFormat": "open" if kind == "custom" else "single",
        "answerSeq": str(order),
        "isValidAnswer": valid,
        "questionName": names[kind],
    }


def _grow(stage: Stage, answers: list[dict[str, Any]], event: int) -> None:
    _record(stage, answers, "PARTIALLY_FILLED", event)


def _record(stage: Stage, answers: list[dict[str, Any]], status: str, event: int) -> None:
    """The survey's state from an event on; it replaces the state before."""
    for index, entry in enumerate(stage.entries):
        if entry.container == "conversationSurveys" and entry.until is None:
            stage.entries[index] = type(entry)(entry.container, entry.since, event, entry.body)
    body: dict[str, Any] = {"surveyType": "PostSurvey", "surveyStatus": status, "dialogId": text("D")}
    body["surveyId"] = "880180110"
    if answers:
        body["surveyData"] = answers
    stage.add("conversationSurveys", event, body)
