"""Pauses worth seeing: an open question from 2 minutes on, a silent consumer from 1 hour on."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.formats import span
from interactions.models import Message, Speaker

from .lines import Wait

OPEN_QUESTION_SECONDS = 120
SILENT_CONSUMER_SECONDS = 3600


@dataclass(slots=True)
class Clock:
    """Remembers who is waiting for whom while a transcript is walked; notes and automatic lines answer nothing."""

    asked_at: datetime | None = None
    answered_at: datetime | None = None

    def before(self, message: Message) -> Wait | None:
        """The pause that ends with this message, if it was a long one."""
        at = message.sent_at
        if at is None:
            return None
        if message.speaker == Speaker.CONSUMER:
            silent = _seconds(self.answered_at, at)
            self.answered_at, self.asked_at = None, self.asked_at or at
            return Wait(f"consumer silent for {span(silent)}") if silent >= SILENT_CONSUMER_SECONDS else None
        if message.speaker in (Speaker.AGENT, Speaker.BOT):
            waited = _seconds(self.asked_at, at)
            self.asked_at, self.answered_at = None, at
            return _unanswered(waited, "")
        return None

    def handed_over(self, at: datetime | None) -> None:
        """After a transfer whoever was answered waits again, for the one who takes over."""
        if self.answered_at and self.asked_at is None:
            self.asked_at = at

    def at_the_end(self, ended_at: datetime | None, now: datetime) -> Wait | None:
        """A question that is open still, or that the close left open."""
        return _unanswered(_seconds(self.asked_at, ended_at or now), " so far" if ended_at is None else "")


def _unanswered(seconds: float, suffix: str) -> Wait | None:
    return Wait(f"{span(seconds)} without an answer{suffix}") if seconds >= OPEN_QUESTION_SECONDS else None


def _seconds(since: datetime | None, until: datetime) -> float:
    return (until - since).total_seconds() if since else 0
