"""The product's Celery app for a storm: what waits for minutes waits for seconds; a record may be deadly.

What it is told stands in STORM_* of the environment, because every part of it is a process of its own. The pauses of
the client and its limits of time stay the real ones.
"""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
django.setup()

from dashboard.celery import app as app  # noqa: E402
from interactions.ingest import account, configuration, partial, reading, refusals, sweep, sync  # noqa: E402
from interactions.ingest.store.prepare import Prepared  # noqa: E402
from interactions.jobs import claims  # noqa: E402

HASTE = 60
WAITS = {
    account: ("FIRST_PAUSE", "LONGEST_PAUSE", "LONGEST_WAIT"),
    configuration: ("AGAIN_AFTER",),
    partial: ("AGAIN_AFTER",),
    reading: ("FIRST_WAIT", "LONGEST_WAIT"),
    refusals: ("AFTER_A_REFUSAL", "AFTER_ANOTHER_FAULT"),
    sync: ("AFTER_A_FAULT", "AFTER_THE_DATABASE", "FIRST_WAIT", "LONGEST_WAIT", "REFRESH_WAITS"),
}


def hurry(lease: float, comparison: float) -> None:
    """A minute becomes a second; a lease, and a comparison of all that LivePerson has, take what is said."""
    for module, names in WAITS.items():
        for name in names:
            setattr(module, name, getattr(module, name) / HASTE)
    claims.LEASE = timedelta(seconds=lease)
    sweep.PASS = timedelta(seconds=comparison)


def be_deadly(place: Path) -> None:
    """Whoever looks at the record named in a file dies of it, as of a fault in a library, and adds a line there."""
    understand = Prepared.understand

    def deadly(self: Prepared, automatic: Any) -> Iterator[None]:
        if place.exists() and self.key == place.read_text().split("\n")[0] and not getattr(self.record, "unread", ""):
            with place.open("a") as file:
                file.write("\ndied")
            os.kill(os.getpid(), signal.SIGKILL)
        return understand(self, automatic)

    Prepared.understand = deadly  # type: ignore[method-assign]


if "STORM_LEASE" in os.environ:
    hurry(float(os.environ["STORM_LEASE"]), float(os.environ["STORM_COMPARISON"]))
    be_deadly(Path(os.environ["STORM_DEADLY"]))
