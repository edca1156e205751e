"""One conversation record to column values: pure functions, no database, no clock."""

from interactions.ingest.derive.automatic import AutomaticTexts
from interactions.ingest.derive.conversation import VERSION, Unreadable, derive
from interactions.ingest.derive.credit import who_wrote_most
from interactions.ingest.derive.limits import plain
from interactions.ingest.derive.messages import UNNAMED
from interactions.ingest.derive.rows import (
    AgentSeen,
    AnswerRow,
    AttributeRow,
    ConsumerSeen,
    ConversationRow,
    Derived,
    DetailRow,
    MessageRow,
    ParticipationRow,
    TransferRow,
)
from interactions.ingest.derive.speakers import AGENT

__all__ = [
    "AGENT",
    "UNNAMED",
    "VERSION",
    "AgentSeen",
    "AnswerRow",
    "AttributeRow",
    "AutomaticTexts",
    "ConsumerSeen",
    "ConversationRow",
    "Derived",
    "DetailRow",
    "MessageRow",
    "ParticipationRow",
    "TransferRow",
    "Unreadable",
    "derive",
    "plain",
    "who_wrote_most",
]
