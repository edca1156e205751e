"""Who was responsible for a conversation, stretch by stretch: assignments begin one, transfers and the close end it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from interactions.models import Agent, AgentKind, Conversation, Part, Participation, Transfer

QUEUE = "In the queue"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` until `end` (None: still), `agent` was responsible; None means that it waited in the queue."""

    start: datetime
    end: datetime | None
    agent: Agent | None

    @property
    def name(self) -> str:
        return self.agent.name if self.agent else QUEUE


def stretches(
    conversation: Conversation, participations: Iterable[Participation], transfers: Iterable[Transfer]
) -> list[Stretch]:
    """In order of time and without gaps, from the first assignment or transfer to the end of the talk."""
    changes = sorted(_changes(conversation, participations, transfers), key=lambda change: change[:2])
    found: list[Stretch] = []
    for at, _, agent in changes:
        if found and found[-1].agent == agent:
            continue
        if found:
            last = found.pop()
            # Who had it for no time at all did not have it.
            found += [Stretch(last.start, at, last.agent)] if at > last.start else []
        if not (found and found[-1].agent == agent):
            found.append(Stretch(at, conversation.ended_at, agent))
        else:
            found[-1] = Stretch(found[-1].start, conversation.ended_at, agent)
    return found


def _changes(
    conversation: Conversation, participations: Iterable[Participation], transfers: Iterable[Transfer]
) -> Iterator[tuple[datetime, int, Agent | None]]:
    """(when, transfers before assignments, who from then on); what comes after the end asks the survey."""
    end = conversation.ended_at
    for transfer in transfers:
        if transfer.at and not (end and transfer.at > end):
            yield transfer.at, 0, transfer.target_agent
    for joining in participations:
        at = joining.joined_at or conversation.started_at
        is_talk = joining.part == Part.ASSIGNED and joining.agent.kind != AgentKind.SYSTEM
        if is_talk and not (end and at >= end):
            yield at, 1, joining.agent


def holder_at(found: Sequence[Stretch], at: datetime | None) -> Agent | None:
    """Who was responsible at an instant; None when nobody was, or it is not known."""
    if at is None:
        return None
    return next((each.agent for each in reversed(found) if each.start <= at), None)
