"""Words as the full-text index knows them: one normaliser for indexing and for asking."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

from interactions.models.ordering import LETTERS

# PostgreSQL remembers no place beyond the 16,383rd token, 255 places of a word, and refuses a tsvector of more than a
# megabyte.
MOST_TOKENS = 12_000
MOST_PLACES = 255
MOST_BYTES = 600_000
# Stands between two messages, so that no phrase reaches from one into the next: a letter (of Khoekhoe) that is a word
# to both databases and that nobody begins a word with.
BOUNDARY = "\u01c1"
# Longer runs are no words (keys, pictures in base64), and PostgreSQL indexes none beyond 2,046 bytes.
LONGEST_TOKEN = 200

# Accents and vowel points, which people leave out when they search. Marks of other scripts spell the word.
_LOOSE_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x0640, 0x0640),  # a letter to Unicode, but only a stroke that stretches Arabic words
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x0898, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)
# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Bopomofo, Han.
UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    r"\u3031-\u3035\u303b\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
_ZERO_WIDTH_SPACE = 0x200B
_TAG = re.compile(r"<[^<>]*>")


class _Table(dict[int, str | None]):
    """What becomes of each character; filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = _fate(code)
        return self[code]


def _fate(code: int) -> str | None:
    character = chr(code)
    category = unicodedata.category(character)
    if any(first <= code <= last for first, last in _LOOSE_MARKS):
        return None if category[0] in "ML" else " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LNM":
        return LETTERS.get(code, character)
    # Joiners, soft hyphens and direction marks stand inside words; everything else parts them.
    return None if category == "Cf" and code != _ZERO_WIDTH_SPACE else " "


_table = _Table()
_ascii_table = bytes([ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256)])


def _marks() -> str:
    kept = (chr(c) for c in range(0x0900, 0x1F000) if unicodedata.category(chr(c))[0] == "M")
    return "".join(kept)


# Signs that belong to the character before them.
MARKS = _marks()
_single = re.compile(rf"([{UNSPACED}][{MARKS}]*)")
MOST_WORDS, LONGEST_WORD = 20_000, 32


class _Words(dict[str, str]):
    """What becomes of what stands between two blanks; people use few words again and again."""

    def __missing__(self, word: str) -> str:
        folded = _folded(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= MOST_WORDS:
                self.clear()
            self[word] = folded
        return folded


_words = _Words()


def searchable(text: str, type_: str) -> str:
    """The words of a message of this type: mark-up has none."""
    return html.unescape(_TAG.sub(" ", text)) if type_ == "TEXT_HTML" else text


def normalise(text: str) -> str:
    """`text` as tokens joined by one space: caseless, without accents, single characters where no spaces are written.

    Any string will do, lone surrogates included; the same function prepares what is indexed and what is asked.
    """
    # Most lines are ASCII, which folds ten times as fast; in the others no character looks beyond its blanks.
    if text.isascii():
        folded = text.encode().translate(_ascii_table).decode()
    else:
        folded = " ".join([_words[word] for word in text.split()])
    words = folded.split()
    if len(folded) > LONGEST_TOKEN and max(map(len, words), default=0) > LONGEST_TOKEN:
        words = [word[:LONGEST_TOKEN] for word in words]
    return " ".join(words)


def _folded(text: str) -> str:
    caseless = unicodedata.normalize("NFKC", text).casefold()
    bare = unicodedata.normalize("NFKD", caseless).translate(_table)
    whole = unicodedata.normalize("NFC", bare)
    # Looked for first: a replacement that finds nothing costs seven times as much.
    return _single.sub(r" \1 ", whole) if _single.search(whole) else whole


def parts(columns: Mapping[str, str]) -> list[dict[str, str]]:
    """Normalised `columns` cut into rows of TranscriptText, none with more in a column than the index holds."""
    if all(map(_fits, columns.values())):  # the usual transcript
        return [dict(columns)] if any(columns.values()) else []
    cut = {name: list(_chunks(text)) for name, text in columns.items()}
    longest = max((len(chunks) for chunks in cut.values()), default=0)
    return [
        {name: chunks[number] if number < len(chunks) else "" for name, chunks in cut.items()}
        for number in range(longest)
    ]


def _fits(text: str) -> bool:
    return text.count(" ") < MOST_PLACES and len(text) <= MOST_BYTES // 4


def _chunks(text: str) -> Iterator[str]:
    """Cut where a message ends, as far as the messages are short enough for that."""
    if _fits(text):
        if text:
            yield text
        return
    tokens = text.split()
    start = 0
    while start < len(tokens):
        end = _end_of_chunk(tokens, start)
        yield " ".join(tokens[start:end])
        start = end


def _end_of_chunk(tokens: list[str], start: int) -> int:
    size, boundary, places = 0, start, Counter[str]()
    for end in range(start, min(start + MOST_TOKENS + 1, len(tokens))):
        token = tokens[end]
        size += len(token.encode(errors="replace")) + 1
        places[token] += 1
        if token == BOUNDARY:
            boundary = end
        elif size > MOST_BYTES or places[token] > MOST_PLACES or end - start == MOST_TOKENS:
            return boundary if boundary > start else end
    return end + 1
