"""The messages of a transcript that hold what was searched for in the list around it."""

from collections.abc import Iterator

from interactions.search import Words, marked, searchable

from .lines import AutomaticRun, Line, Turn


def mark(lines: list[Line], words: Words) -> list[str]:
    """Marks the words in the turns and gives the anchors of those that hold some, in order.

    Automatic lines and survey questions are not searched, as in the list.
    """
    wanted = words.wanted
    found = []
    for turn in _turns(lines) if wanted else ():
        if turn.speaker not in words.columns:
            continue
        text = turn.text if turn.html is None else searchable(str(turn.html), "TEXT_HTML")
        pieces = marked(text, wanted)
        if any(piece.is_match for piece in pieces):
            turn.is_match = True
            turn.pieces = pieces if turn.html is None else ()
            found.append(turn.anchor)
    return found


def _turns(lines: list[Line]) -> Iterator[Turn]:
    for line in lines:
        if isinstance(line, Turn):
            yield line
        elif isinstance(line, AutomaticRun):
            yield from line.turns
