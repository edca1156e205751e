"""LivePerson's clock against ours, from the Date header of its answers."""

import logging
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

logger = logging.getLogger(__name__)
# Dates are whole seconds, and an answer takes its time.
NEGLIGIBLE = 90.0


@dataclass(slots=True)
class ServerTime:
    """`ahead` is how many seconds LivePerson's clock is ahead of ours; 0 while they differ by less than 90."""

    ahead: float = 0.0

    def note(self, date: str | None, now: float) -> None:
        """Learn from the Date header (RFC 9110, 6.6.1) of an answer that has just come; `now` is epoch seconds."""
        if date is None:
            return
        try:
            moment = parsedate_to_datetime(date)
        except ValueError:
            return
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        ahead = moment.timestamp() - now
        found = ahead if abs(ahead) >= NEGLIGIBLE else 0.0
        if abs(found - self.ahead) >= NEGLIGIBLE:
            logger.warning("LivePerson's clock is ahead of this machine's", extra={"seconds": round(found)})
            self.ahead = found
