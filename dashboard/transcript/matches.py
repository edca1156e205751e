"""The messages of a transcript that hold what was searched for in the list around it."""

from collections.abc import Iterator, Sequence

from dashboard import richtext
from interactions.models import Speaker
from interactions.search import COMMENT, Piece, Term, Words, holds, marked, searchable

from .cards import marked_in
from .lines import AutomaticRun, Line, Turn

# The survey's comment in the context, where no message says it.
COMMENT_ANCHOR = "context-comment"


def mark(lines: list[Line], words: Words, comment: str = "") -> list[str]:
    """Marks the words in the turns and gives the anchors of those that hold some, in order.

    They are the lines that the list counts: those of who was asked for, and the comment, once. Automatic lines and
    survey questions are not searched.
    """
    wanted = words.wanted
    found = []
    has_comment = COMMENT in words.columns and holds(comment, wanted)
    for turn in _turns(lines) if wanted else ():
        is_comment = has_comment and _is_said_in(turn, comment)
        if (turn.speaker in words.columns or is_comment) and holds(searchable(turn.source, turn.type), wanted):
            has_comment = has_comment and not is_comment
            _mark(turn, wanted)
            found.append(turn.anchor)
    return [*found, COMMENT_ANCHOR] if has_comment else found


def comment_pieces(comment: str, words: Words) -> tuple[Piece, ...]:
    """The survey's comment with the words marked, if they were looked for there."""
    return marked(comment, words.wanted if COMMENT in words.columns else ())


def _is_said_in(turn: Turn, comment: str) -> bool:
    said = turn.source.strip()
    return turn.speaker == Speaker.SURVEY and bool(said) and said in comment


def _mark(turn: Turn, wanted: Sequence[Term]) -> None:
    turn.is_match = True
    if turn.text:
        turn.pieces = marked(turn.text, wanted)
    if turn.html is not None:
        turn.html = richtext.clean(turn.source, wanted)
    turn.cards = marked_in(turn.cards, wanted)
    if not _shows_match(turn):
        # In what the message's type does not show, or in characters that only together become the word.
        turn.marks = (*turn.marks, "holds what was searched for")


def _shows_match(turn: Turn) -> bool:
    pieces = [*turn.pieces, *(piece for card in turn.cards for piece in card.pieces)]
    pieces += [piece for card in turn.cards for part in card.parts for piece in part.pieces]
    return any(piece.is_match for piece in pieces) or "<mark>" in (turn.html or "")


def _turns(lines: list[Line]) -> Iterator[Turn]:
    for line in lines:
        if isinstance(line, Turn):
            yield line
        elif isinstance(line, AutomaticRun):
            yield from line.turns
