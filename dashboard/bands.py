"""LivePerson's MCS bands as they are drawn: sign, word and colour step."""

from typing import NamedTuple

from interactions.search import BANDS as WORDS


class Band(NamedTuple):
    sign: str
    word: str
    step: int


BANDS = {
    band: Band(sign, WORDS[band].capitalize(), step) for band, sign, step in ((-1, "▼", 1), (0, "◆", 3), (1, "▲", 5))
}


def band_of(value: int | None) -> Band | None:
    """None where LivePerson gave no band."""
    return None if value is None else BANDS.get(value)
