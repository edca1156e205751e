"""The words that the full-text index holds; automatic messages and survey questions are left out."""

from interactions.ingest.derive.rows import MessageRow
from interactions.ingest.derive.speakers import AGENT, BOT_SPEAKER, CONSUMER, NOTE
from interactions.models.text import MOST_PARTS
from interactions.search.text import BOUNDARY, normalise, parts, searchable

_SPOKEN = (CONSUMER, AGENT, BOT_SPEAKER, NOTE)


def texts(messages: list[MessageRow], comment: str) -> list[dict[str, str]]:
    """Columns of `TranscriptText`, cut into parts by the normaliser; none when nothing was said."""
    said: dict[str, list[str]] = {speaker: [] for speaker in _SPOKEN}
    for message in messages:
        if message.text and message.speaker in said:
            words = normalise(searchable(message.text, message.type))
            if words:
                said[message.speaker].append(words)
    columns = {speaker: f" {BOUNDARY} ".join(lines) for speaker, lines in said.items()}
    columns["comment"] = normalise(comment)
    return parts(columns)[:MOST_PARTS]
