"""Recognising the configured automatic messages by their texts, with placeholders as wildcards."""

import re
from collections.abc import Iterable

_PLACEHOLDER = re.compile(r"\$?!?\{[^{}]*\}|%[A-Za-z_.]+%|\[\[[^\[\]]*\]\]")
# A text that is nearly all placeholder would match what people write.
_LEAST_LETTERS = 8


class AutomaticTexts:
    """Says whether a text is one of the account's automatic messages (fact sheet 5.6, rule 4)."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._exact: set[str] = set()
        patterns = []
        for text in texts:
            plain = " ".join(text.split())
            pieces = _PLACEHOLDER.split(plain)
            if len(pieces) == 1:
                if plain:
                    self._exact.add(plain)
            elif sum(len(piece.strip()) for piece in pieces) >= _LEAST_LETTERS:
                patterns.append(".*?".join(re.escape(piece) for piece in pieces))
        self._pattern = re.compile("|".join(patterns), re.DOTALL) if patterns else None

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str) or not text:
            return False
        if text in self._exact:
            return True
        if not self._exact and self._pattern is None:
            return False
        plain = " ".join(text.split())
        if plain in self._exact:
            return True
        return self._pattern is not None and self._pattern.fullmatch(plain) is not None
