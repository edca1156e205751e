"""What a file is called: what it holds, the day, and what to know before using it."""

from collections.abc import Sequence
from datetime import date

from django.utils.text import slugify

LONGEST = 100
# What ends a name that does not say everything.
MORE = "and more"
# What is asked for in words, and the same in few.
Said = tuple[str, str]


def file_name(what: str, parts: Sequence[Said], day: date, *, is_sandbox: bool, is_complete: bool) -> str:
    """ "conversations-csat-1-or-2-skill-delivery-2026-11-20-sandbox.csv"; `parts` are those of the list's sentence."""
    flags = ["sandbox"] * is_sandbox + ["incomplete"] * (not is_complete)
    return "-".join([what, _said(parts) or "all", day.isoformat(), *flags]) + ".csv"


def _said(parts: Sequence[Said]) -> str:
    """As many of the parts as there is room for: long lists are counted before anything is left out."""
    texts = [text for text, _ in parts]
    gains = [(len(text) - len(short), place) for place, (text, short) in enumerate(parts)]
    for gain, place in sorted(gains, reverse=True):
        if gain > 0 and not _fits(texts):
            texts[place] = parts[place][1]
    if _fits(texts):
        return _slug(texts)
    while len(texts) > 1 and not _fits([*texts, MORE]):
        texts.pop()
    if _fits([*texts, MORE]):
        return _slug([*texts, MORE])
    begun = _slug(texts)[: LONGEST - len(MORE) - 1]
    return _slug([begun.rpartition("-")[0] or begun, MORE])


def _fits(texts: Sequence[str]) -> bool:
    return len(_slug(texts)) <= LONGEST


def _slug(texts: Sequence[str]) -> str:
    return slugify(" ".join(texts), allow_unicode=True)
