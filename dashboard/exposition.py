"""What Prometheus is told: Readback's state as metric families. No word of a conversation, no name, no key."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from interactions.ingest import status, volume
from interactions.jobs import slots
from interactions.models import Account, CallPace, RawRecord, SyncWindow, WorkState

STATES = ("current", "history", "incomplete", "behind", "never")


class _Families(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def exposition(now: datetime) -> bytes:
    """All figures in Prometheus' text format; the number of queries does not depend on how much there is."""
    registry = CollectorRegistry()
    registry.register(_Families([*_freshness(now), *_windows(), *_stored(), *_calls(), *_last_hour(now)]))
    return generate_latest(registry)


def _freshness(now: datetime) -> Iterator[Metric]:
    state = status.freshness(now)
    if state.data_age_seconds is not None:
        yield _gauge(
            "data_age_seconds", "Seconds since the instant up to which data is complete.", state.data_age_seconds
        )
    yield _labelled(
        "state", "1 for the worst that holds.", ["state"], {(name,): int(name == state.state) for name in STATES}
    )
    yield _gauge("trouble", "1 while calls to LivePerson fail.", int(bool(state.trouble)))
    yield _gauge("incomplete_windows", "Periods that could not be read whole.", state.incomplete_count)
    since = state.incomplete_since
    oldest = timedelta() if since is None else max(timedelta(), now - since)
    yield _gauge("incomplete_oldest_seconds", "How long the oldest of them has been so.", int(oldest.total_seconds()))
    paused = Account.objects.filter(history_paused_at__isnull=False).exists()
    yield _gauge("history_paused", "1 while somebody holds the reading of history.", int(paused))


def _windows() -> Iterator[Metric]:
    counts = SyncWindow.objects.order_by().values_list("kind", "state").annotate(count=Count("pk"))
    # Zeros too: an alarm on a series that is not there stays silent.
    values = {(kind, state): 0 for kind in SyncWindow.Kind.values for state in WorkState.values}
    values |= {(kind, state): count for kind, state, count in counts}
    yield _labelled("windows", "Periods to read, by kind and state.", ["kind", "state"], values)


def _stored() -> Iterator[Metric]:
    yield _gauge("conversations", "About how many conversations are stored.", volume.conversation_estimate())
    yield _gauge("unreadable_records", "Records kept that could not be understood.", status.unreadable_count())
    missing = RawRecord.objects.filter(missing_since__isnull=False).count()
    yield _gauge("missing_conversations", "Conversations that LivePerson no longer gives.", missing)
    size = volume.database_bytes()
    if size is not None:
        yield _gauge("database_bytes", "Size of the database.", size)


def _calls() -> Iterator[Metric]:
    pace = CallPace.objects.first() or CallPace()
    failed = pace.failed_count - pace.slowed_count
    outcomes = {("answered",): pace.call_count - pace.failed_count, ("failed",): failed, ("slowed",): pace.slowed_count}
    # Written every ten seconds by each worker: the last few of a worker that was killed are not in it.
    calls = CounterMetricFamily(
        "readback_calls", "Calls to LivePerson; slowed are answers 429 and 503.", labels=["outcome"]
    )
    for (outcome,), count in outcomes.items():
        calls.add_metric([outcome], count)
    yield calls
    waited = "Seconds that all calls together waited for a call slot."
    yield CounterMetricFamily("readback_call_slots_waited_seconds", waited, value=pace.waited_seconds)
    yield _gauge("call_slots_in_use", "Calls in flight, over all workers.", slots.in_use())
    allowed = min(pace.allowed, settings.LIVEPERSON_MAX_CALLS)
    yield _gauge("call_slots_allowed", "Calls that may be in flight now; whole ones count.", allowed)
    yield _gauge("call_slots_most", "LIVEPERSON_MAX_CALLS.", settings.LIVEPERSON_MAX_CALLS)


def _last_hour(now: datetime) -> Iterator[Metric]:
    hour = status.last_hour(now)
    yield _gauge("last_hour_requests", "Requests of the runs of the last hour.", hour.requests)
    yield _gauge("last_hour_failed_runs", "Runs of the last hour that failed.", hour.failed)
    values = {("read",): hour.read, ("new",): hour.new, ("changed",): hour.changed}
    yield _labelled("last_hour_conversations", "Conversations of the last hour's runs.", ["what"], values)
    yield _gauge("last_hour_slowed", "How often LivePerson asked for fewer calls in the last hour.", hour.slowed)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"readback_{name}", what, value=value)


def _labelled(name: str, what: str, labels: list[str], values: Mapping[Any, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"readback_{name}", what, labels=labels)
    for given, value in values.items():
        family.add_metric(given, value)
    return family
