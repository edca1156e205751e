"""A transcript as plain text, one line for each message."""

from collections.abc import Iterable, Iterator

from dashboard import formats
from dashboard.richtext import Link, plain
from dashboard.transcript.cards import Card
from dashboard.transcript.lines import AutomaticRun, Event, Line, Rule, Turn, Wait
from interactions.models import Conversation, Speaker
from interactions.search import isolated

_INDENT = "\n    "


def transcript(conversation: Conversation, title: str, lines: Iterable[Line]) -> str:
    """Heading, time and id, then every line with its time in the current zone."""
    when = formats.time_range(conversation.started_at, conversation.ended_at)
    head = [title, when, f"Conversation {conversation.conversation_id}", ""]
    return "\n".join([*head, *_lines(lines)]) + "\n"


def _lines(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if isinstance(line, Turn):
            yield _turn(line)
        elif isinstance(line, AutomaticRun):
            yield from (_turn(turn) for turn in line.turns)
        elif isinstance(line, Event):
            note = f": “{line.note}”" if line.note else ""
            yield f"-- {line.clock} {line.text}{note}".replace("  ", " ")
        elif isinstance(line, Wait):
            yield f"-- {line.text}"
        elif isinstance(line, Rule):
            yield f"\n== {line.text} =="


def _turn(turn: Turn) -> str:
    kind = {Speaker.NOTE: " (private note)", Speaker.AUTOMATIC: " (automatic)", Speaker.BOT: " (bot)"}
    said = [turn.text] if turn.text else [plain(turn.source)] if turn.html else []
    said += [text for card in turn.cards for text in _card(card)]
    # Each line by itself: what turns the writing direction in it must not reach the score behind it, or the next name.
    body = _INDENT.join(isolated(line) for line in "\n".join(said).splitlines())
    score = f"  [MCS {turn.mcs}{f', {turn.change}' if turn.change else ''}]" if turn.mcs is not None else ""
    return f"{turn.clock} {isolated(turn.name)}{kind.get(Speaker(turn.speaker), '')}: {body}{score}"


def _card(card: Card) -> Iterator[str]:
    yield f"[{card.text}{_address(card.words, card.link, card.raw if card.kind == 'link' else '')}]"
    for part in card.parts:
        chosen = " ✓" if part.is_chosen else " (one of those was chosen)" if part.is_one_of else ""
        label = f"{part.label}: " if part.label else ""
        yield f"  ({label}{isolated(part.text)}{chosen}){_address(part.text, part.link)}"
    if card.more:
        yield f"  ({card.more_words})"


def _address(words: str, link: Link | None, unopened: str = "") -> str:
    address = link.address if link else isolated(unopened)
    return f" {address}" if address and address != words else ""
