"""Importers that are wrong on purpose: the proof must find each of them out, or it proves nothing."""

from datetime import timedelta
from typing import Any


def progress_before_rows() -> None:
    """The rows of a period are written at its end, after the progress of its pages was committed."""
    from interactions.ingest import reading
    from interactions.ingest.store import Outcome

    write, conclude = reading.write, reading._conclude
    held: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def later(*args: Any, **options: Any) -> Outcome:
        held.append((args, options))
        return Outcome()

    def at_last(*args: Any) -> None:
        while held:
            rows, options = held.pop(0)
            write(*rows, **options)
        conclude(*args)

    reading.write, reading._conclude = later, at_last  # type: ignore[assignment]


def insert_instead_of_upsert() -> None:
    """Nothing is known of what is stored: every record is taken for new."""
    from interactions.ingest.store import page, prepare

    page._known = lambda keys: {}  # type: ignore[assignment]
    prepare.digests = lambda keys, **more: {}  # type: ignore[assignment]


def endless_lease() -> None:
    """Who dies holds his period for ever."""
    from interactions.ingest import sync
    from interactions.jobs import claims

    claims.LEASE = timedelta(days=3650)
    sync.resume = lambda *args, **options: 0  # type: ignore[assignment]


VARIANTS = {each.__name__: each for each in (progress_before_rows, insert_instead_of_upsert, endless_lease)}


def apply(name: str) -> None:
    """Make this process the variant of that name, if any."""
    if name:
        VARIANTS[name]()
