"""The course of the Meaningful Connection Score over a conversation."""

from typing import NamedTuple

from interactions.ingest.derive.rows import MessageRow
from interactions.liveperson.records import ConversationRecord, Score


class Course(NamedTuple):
    """Running scores 0 to 100; `fall` is the largest drop from one scored message to the next."""

    first: int | None
    lowest: int | None
    fall: int | None


def by_message(record: ConversationRecord) -> dict[str | None, Score]:
    """The last score that was given to each message."""
    return {score.message_id: score for score in record.scores if score.message_id is not None}


def course(messages: list[MessageRow]) -> Course:
    """`fall` is None under two scored messages and 0 when the score never fell."""
    scored = [message.mcs for message in messages if message.mcs is not None]
    if not scored:
        return Course(None, None, None)
    falls = [earlier - later for earlier, later in zip(scored, scored[1:], strict=False)]
    return Course(scored[0], min(scored), max(0, *falls) if falls else None)
