"""The runs an operator looks at: those that brought something or did not end whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.db.models import Q

from dashboard.syncing.windows import range_words, read_now_count
from interactions.ingest import poison
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

    @property
    def seconds(self) -> float | None:
        """How long it took; None where no end is known."""
        # When a run ended that a killed worker left behind, nobody knows.
        if self.run.ended_at is None or self.run.error == poison.ENDED:
            return None
        return (self.run.ended_at - self.run.started_at).total_seconds()

    @property
    def rate(self) -> str:
        """How much it read in a second, as `manage.py sync` says it; "" where there is nothing to divide."""
        if not self.run.read_count or not self.seconds or self.seconds < 0:
            return ""
        rate = self.run.read_count / self.seconds
        # A slow one is not told as 0.
        return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


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


def worker_count(now: datetime) -> int:
    """How many read side by side at most in the last hour, on all hosts: no setting tells what runs elsewhere."""
    # When a run ended that a killed worker left behind, nobody knows.
    runs = SyncRun.objects.filter(ended_at__gt=now - timedelta(hours=1)).exclude(error=poison.ENDED)
    steps: list[tuple[datetime, int]] = []
    for started_at, ended_at in runs.values_list("started_at", "ended_at"):
        steps += [(started_at, 1), (ended_at or now, -1)]
    # At one instant those who end come first: the next run of the same worker may begin at it.
    side_by_side = accumulate(step for _, step in sorted(steps))
    return max([read_now_count(now), *side_by_side])
