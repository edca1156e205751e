"""What a file is called: what it holds, the day, and what to know before using it."""

from collections.abc import Iterable
from datetime import date

from django.utils.text import slugify

LONGEST = 100


def file_name(what: str, parts: Iterable[str], day: date, *, is_sandbox: bool, is_complete: bool) -> str:
    """ "conversations-csat-1-or-2-skill-delivery-2026-11-20-sandbox.csv"; `parts` are those of the list's sentence."""
    slug = slugify(" ".join(parts), allow_unicode=True)
    if len(slug) > LONGEST:
        slug = slug[:LONGEST].rpartition("-")[0] or slug[:LONGEST]
    flags = ["sandbox"] * is_sandbox + ["incomplete"] * (not is_complete)
    return "-".join([what, slug or "all", day.isoformat(), *flags]) + ".csv"
