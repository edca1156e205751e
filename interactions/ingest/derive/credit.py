"""Which agents the conversation belongs to: the last, the last human, the one whom the survey rates, who wrote most."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple, TypeVar

from interactions.ingest.derive.dialogs import Dialogs
from interactions.ingest.derive.people import ASSIGNED, HUMAN, JOINED, People, part_of

Person = TypeVar("Person", str, int)
BEFORE_SURVEY, BEFORE_END, SO_FAR = "last_before_survey", "last_before_end", "last_so_far"


class Owners(NamedTuple):
    """LivePerson's ids; `rule` names how the credited agent was found, "" when there is none."""

    last: str | None
    last_human: str | None
    credited: str | None
    rule: str


def owners(people: People, dialogs: Dialogs, ended_ms: int | None) -> Owners:
    assigned = _in_order(people, dialogs, ASSIGNED)
    humans = [(at, agent) for at, agent in assigned if people.kind(agent) == HUMAN]
    last = people.agent(people.record.info.latest_agent_id) or (assigned[-1][1] if assigned else None)
    limit, rule = _limit(dialogs, ended_ms)
    before = [agent for at, agent in humans if limit is None or at <= limit]
    credited = before[-1] if before else None
    return Owners(last, _last_human(people, dialogs, last, humans), credited, rule if credited else "")


def who_wrote_most(writers: Sequence[Person], listed: Collection[Person]) -> Person | None:
    """Of the writers of each message to the consumer, in order, the one of most; of two of as many the later one.

    None where nobody wrote, or somebody whom LivePerson lists in no part: no rule of credit names them. Both are given
    as they are stored, as a record can name one person in two ways.
    """
    if not writers:
        return None
    written = Counter(writers)
    most = max(written.values())
    first = next(person for person in reversed(writers) if written[person] == most)
    return first if first in listed else None


def _limit(dialogs: Dialogs, ended_ms: int | None) -> tuple[int | None, str]:
    survey = dialogs.survey_started_ms
    if survey is not None:
        return survey, BEFORE_SURVEY
    return (ended_ms, BEFORE_END) if ended_ms is not None else (None, SO_FAR)


def _last_human(people: People, dialogs: Dialogs, last: str | None, humans: list[tuple[int, str]]) -> str | None:
    if last is not None and people.kind(last) == HUMAN:
        return last
    if humans:
        return humans[-1][1]
    joined = [agent for _, agent in _in_order(people, dialogs, JOINED) if people.kind(agent) == HUMAN]
    return joined[-1] if joined else None


def _in_order(people: People, dialogs: Dialogs, part: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for entry in people.entries:
        agent = people.agent(entry.agent_id or entry.agent_pid)
        if agent is not None and part_of(entry) == part and not dialogs.is_survey(entry.dialog_id):
            found.append((entry.at_ms or 0, agent))
    if part == ASSIGNED:
        # `interactions` tells the same assignments; it alone does when participants were not delivered.
        known = {agent for _, agent in found}
        for step in people.record.interactions:
            agent = people.agent(step.agent_id)
            if agent is not None and agent not in known and not dialogs.is_survey(step.dialog_id):
                found.append((step.at_ms or 0, agent))
    found.sort(key=lambda pair: pair[0])
    return found
