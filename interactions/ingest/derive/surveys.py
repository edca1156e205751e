"""What the consumer was asked afterwards and answered."""

import re

from interactions.ingest.derive.dialogs import Dialogs
from interactions.ingest.derive.limits import Notes
from interactions.ingest.derive.rows import AnswerRow
from interactions.liveperson.records import ConversationRecord, SurveyAnswer

NOT_OFFERED, OFFERED, ABANDONED, ANSWERED = "not_offered", "offered", "abandoned", "answered"
_YES = frozenset({"1", "yes", "true", "oui", "si", "sí", "ja", "نعم", "כן"})
_NO = frozenset({"0", "no", "false", "non", "nein", "nee", "nej", "لا", "לא"})
_SCORE = re.compile(r"\d{1,2}", re.ASCII)


def answers_of(record: ConversationRecord) -> list[SurveyAnswer]:
    """All answers in the order asked; delivery decides where no number does."""
    found: list[SurveyAnswer] = []
    for survey in record.surveys:
        numbered = list(enumerate(survey.answers))
        numbered.sort(key=lambda pair: pair[0] if pair[1].answer_seq is None else pair[1].answer_seq)
        found += [answer for _, answer in numbered]
    return found


def state(record: ConversationRecord, dialogs: Dialogs) -> str:
    said = {(survey.status or "").upper() for survey in record.surveys}
    if "FILLED" in said or (not said and record.info.csat is not None):
        return ANSWERED
    if "PARTIALLY_FILLED" in said:
        return ABANDONED
    return OFFERED if said or dialogs.surveys else NOT_OFFERED


def answer_rows(answers: list[SurveyAnswer], notes: Notes) -> list[AnswerRow]:
    return [
        AnswerRow(
            notes.fit(answer.question_id, 128, "surveyData.questionId"),
            answer.question or answer.question_name or "",
            notes.code(answer.question_type, 20, "surveyData.questionType"),
            notes.code(answer.question_format, 20, "surveyData.questionFormat"),
            answer.answer or "",
            answer.is_valid,
        )
        for answer in answers
    ]


def comment(rows: list[AnswerRow]) -> str:
    """The consumer's own words: open custom answers, also those that no rule of the bot recognised."""
    return "\n".join(row.answer for row in rows if row.kind == "custom" and row.format == "open" and row.answer)


def nps(rows: list[AnswerRow]) -> int | None:
    """The last valid answer from 0 to 10."""
    for row in reversed(rows):
        said = row.answer.strip()
        if row.kind == "nps" and row.is_valid is not False and _SCORE.fullmatch(said) and int(said) <= 10:
            return int(said)
    return None


def fcr(rows: list[AnswerRow]) -> bool | None:
    """The last valid answer to "Did we solve it?"."""
    for row in reversed(rows):
        said = row.answer.strip().lower().rstrip(".!")
        if row.kind == "fcr" and row.is_valid is not False and said in _YES | _NO:
            return said in _YES
    return None
