"""The blocks beside a transcript: survey, scores, times, people, attributes (screens.md, Context pane)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dashboard import formats
from interactions.models import Agent, AgentKind, Attribute, Conversation, Part, Participation, Survey, SurveyAnswer
from interactions.search import isolated

from .holders import Stretch

Facts = list[tuple[str, str]]

PARTS = {
    Part.ASSIGNED: "assigned",
    Part.JOINED: "joined",
    Part.MANAGER: "manager",
    Part.READER: "read along",
    Part.SUGGESTED: "suggested",
    Part.CONTROLLER: "controller",
    Part.OTHER: "took part",
}


@dataclass(frozen=True, slots=True)
class SurveyBlock:
    state: str
    csat: int | None
    facts: Facts
    answers: list[SurveyAnswer]
    comment: str


def survey_block(conversation: Conversation, answers: Sequence[SurveyAnswer], comment: str) -> SurveyBlock:
    """The survey, always there: also what was not offered is something to know."""
    facts: Facts = []
    if conversation.fcr is not None:
        facts.append(("Solved", "Yes" if conversation.fcr else "No"))
    if conversation.nps is not None:
        facts.append(("NPS", f"{conversation.nps} of 10"))
    others = [answer for answer in answers if not (_is_comment(answer) or _is_told(answer, conversation))]
    return SurveyBlock(_state(conversation, answers), conversation.csat, facts, others, comment)


def _is_told(answer: SurveyAnswer, conversation: Conversation) -> bool:
    """Whether a line of its own says it, or would; an answer that was not recognised is in none."""
    rated = {"csat": conversation.csat, "nps": conversation.nps, "fcr": conversation.fcr}
    if answer.kind not in rated:
        return False
    return not answer.answer.strip() or (answer.is_valid is not False and rated[answer.kind] is not None)


def _is_comment(answer: SurveyAnswer) -> bool:
    return answer.kind == "custom" and answer.format == "open"


def _state(conversation: Conversation, answers: Sequence[SurveyAnswer]) -> str:
    if conversation.survey == Survey.ABANDONED:
        given = sum(bool(answer.answer) for answer in answers)
        return f"Abandoned after {formats.plural(given, 'question')}" if given else "Abandoned"
    return {
        Survey.NOT_OFFERED: "Not offered",
        Survey.OFFERED: "Offered, not answered",
        Survey.ANSWERED: "Answered",
    }[Survey(conversation.survey)]


def scores(conversation: Conversation) -> Facts:
    """The course of the score in words; nothing without one."""
    course = [conversation.mcs_first, conversation.mcs_lowest, conversation.mcs]
    if any(value is None for value in course):
        return []
    facts = [("Course", " → ".join(str(value) for value in course))]
    if conversation.mcs_fall is not None:
        facts.append(("Largest fall", str(conversation.mcs_fall) if conversation.mcs_fall else "none"))
    return facts


def times(conversation: Conversation) -> Facts:
    """Response times and length; a dash has its reason."""
    length = formats.span(conversation.duration_seconds) if conversation.ended_at else "still open"
    first = conversation.first_response_seconds
    facts = [("First human reply", formats.span(first) if first is not None else "no human reply")]
    if conversation.median_response_seconds is not None:
        facts.append(("Median reply", formats.span(conversation.median_response_seconds)))
    if conversation.longest_response_seconds is not None:
        facts.append(("Longest reply", formats.span(conversation.longest_response_seconds)))
    return [*facts, ("Length", length), ("Messages", formats.count(conversation.message_count))]


def held(stretches: Sequence[Stretch]) -> Facts:
    """Who was responsible from when to when, and for how long; nothing where one person had it all the time."""
    if len(stretches) < 2:
        return []
    return [(each.name, _from_to(each)) for each in stretches]


def _from_to(each: Stretch) -> str:
    start = formats.minute(each.start)
    if each.end is None:
        return f"from {start}"
    return f"{start}-{formats.minute(each.end)}, {formats.span((each.end - each.start).total_seconds())}"


@dataclass(frozen=True, slots=True)
class Person:
    """One who took part: every part played, once, and the groups it was played in."""

    agent: Agent
    parts: str
    groups: str
    is_bot: bool


def people(participations: Iterable[Participation], writers: Iterable[Agent]) -> list[Person]:
    """People and bots in order of joining, then those known only by having written."""
    found: dict[int, tuple[Agent, list[str], list[str]]] = {}
    for joining in participations:
        _, parts, groups = found.setdefault(joining.agent_id, (joining.agent, [], []))
        parts.append(PARTS[Part(joining.part)])
        groups.extend([isolated(str(joining.group))] if joining.group else [])
    for agent in writers:
        found.setdefault(agent.pk, (agent, ["wrote"], []))
    return list(_persons(found.values()))


def _persons(found: Iterable[tuple[Agent, list[str], list[str]]]) -> Iterator[Person]:
    for agent, parts, groups in found:
        if agent.kind != AgentKind.SYSTEM:
            played, where = ", ".join(dict.fromkeys(parts)), ", ".join(dict.fromkeys(groups))
            yield Person(agent, played, where, agent.kind == AgentKind.BOT)


def attributes(given: Iterable[Attribute]) -> Facts:
    """Engagement attributes with readable names; those that nobody vouched for say so."""
    return [
        (f"{_readable(each.kind)}: {each.name}", each.value + ("" if each.is_authenticated else " (not authenticated)"))
        for each in given
        if each.value
    ]


def _readable(kind: str) -> str:
    return kind.replace("_", " ").lower()
