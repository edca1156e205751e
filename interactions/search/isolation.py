"""Names inside sentences, whichever way they are written."""

import unicodedata

_ISOLATES = frozenset({"RLI", "LRI", "FSI"})
_TURNING = frozenset({"R", "AL", "RLE", "RLO", "LRE", "LRO", "PDF", "PDI"}) | _ISOLATES
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def isolated(name: str) -> str:
    """The name for use inside a sentence: one that turns the writing direction cannot turn its neighbours."""
    kinds = [unicodedata.bidirectional(character) for character in name]
    if _TURNING.isdisjoint(kinds):
        return name
    # What the name opens is closed as well, or its own end would be taken for ours.
    opened = 1 + sum(kind in _ISOLATES for kind in kinds)
    return f"{_FIRST_STRONG_ISOLATE}{name.replace(_POP_ISOLATE, '')}{_POP_ISOLATE * opened}"
