"""The runs an operator looks at: those that brought something or did not end whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from dashboard.syncing.windows import range_words
from interactions.models import SyncRun

MOST = 12
# An account's history is read window by window, and most refreshes find nothing: they would bury the rest.
_HAS_NEWS = (
    Q(new_count__gt=0)
    | Q(changed_count__gt=0)
    | Q(unreadable_count__gt=0)
    | Q(kind=SyncRun.Kind.CONFIGURATION)
    | ~Q(error="")
    | ~Q(state=SyncRun.State.COMPLETE)
)


@dataclass(frozen=True)
class Line:
    """One run; `range` is the window of history that it read, "" where it has none."""

    run: SyncRun
    range: str


def newest() -> list[Line]:
    runs = SyncRun.objects.filter(_HAS_NEWS).select_related("window").order_by("-started_at")[:MOST]
    return [Line(run, _range(run)) for run in runs]


def _range(run: SyncRun) -> str:
    # A refresh asks for what changed lately, whenever it started: its window says nothing.
    if run.window is None or run.kind == SyncRun.Kind.REFRESH:
        return ""
    return range_words(run.window.start_from, run.window.start_to)


def quiet_count(now: datetime) -> int:
    """How many runs of the last hour are left out."""
    return SyncRun.objects.filter(started_at__gt=now - timedelta(hours=1)).exclude(_HAS_NEWS).count()
