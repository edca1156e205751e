"""How tags are written, and what makes two of them the same."""

from __future__ import annotations

import unicodedata

# `tag=none` of an address asks for conversations without one.
NO_TAG = "none"
# Categories without ink of their own: controls, directions and joiners, blanks, marks on the letter before.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})
# Letters and signs to Unicode that leave no trace: fillers of Hangul, the empty pattern of Braille.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def tag_name(text: str) -> str:
    """A tag as it is written: blanks at the ends gone, runs of them one, equal letters written equally."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tag_key(text: str) -> str:
    """Equal for tags that differ in blanks or in capital letters alone; the key of a key is the key itself.

    Unicode's canonical caseless matching (The Unicode Standard, 3.13, D145), written composed.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", tag_name(text)).casefold())


def is_tag_seen(text: str) -> bool:
    """Whether anything of it prints: not only blanks, directions, joiners, fillers and marks without a letter."""
    return any(unicodedata.category(c) not in _UNSEEN and c not in _FILLERS for c in text)
