"""What is planned to be read."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.ingest import prune as pruning
from interactions.ingest import refresh, windows
from interactions.ingest.prune import prune
from interactions.ingest.refresh import plan_refresh
from interactions.ingest.windows import backfill_spans, plan_backfill, slices
from interactions.models import SyncRun, SyncWindow

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("days", [1, 2, 30, 395])
def test_covers_the_range_without_gap_newest_first_and_small_ones_first(days):
    spans = list(backfill_spans(NOW, NOW - days * DAY))
    assert (spans[0].start_to, spans[-1].start_from) == (NOW, NOW - days * DAY)
    assert all(newer.start_from == older.start_to for newer, older in zip(spans, spans[1:], strict=False))
    assert spans[0].start_to - spans[0].start_from == DAY
    assert max(to - start for start, to in spans) <= timedelta(days=7)


@pytest.mark.parametrize(("days", "count"), [(1, 1), (85, 1), (86, 2), (395, 5)])
def test_slices_are_what_livepersons_search_takes(days, count):
    found = slices(NOW - days * DAY, NOW)
    assert len(found) == count
    assert all(to - start < timedelta(days=89) for start, to in found)


@pytest.mark.django_db
def test_plans_history_once():
    plan_backfill(NOW, 30)
    count = SyncWindow.objects.count()
    plan_backfill(NOW + DAY, 30)
    assert SyncWindow.objects.count() == count


@pytest.mark.django_db
def test_adds_windows_when_more_days_are_asked_for():
    plan_backfill(NOW, 30)
    plan_backfill(NOW + timedelta(hours=1), 60)
    found = list(SyncWindow.objects.order_by("-start_from"))
    assert found[-1].start_from == NOW + timedelta(hours=1) - 60 * DAY
    assert all(newer.start_from == older.start_to for newer, older in zip(found, found[1:], strict=False))


@pytest.mark.django_db
def test_refreshes_reach_over_the_whole_history_and_past_the_present():
    plan_backfill(NOW, 395)
    assert plan_refresh(NOW, 395, 60)
    found = SyncWindow.objects.filter(kind="refresh").order_by("-start_from")
    assert found.first().start_to > NOW
    assert found.last().start_from <= NOW - 395 * DAY
    assert {window.planned_at for window in found} == {NOW}


@pytest.mark.django_db
def test_plans_no_refresh_while_one_is_under_way():
    plan_backfill(NOW, 30)
    plan_refresh(NOW, 30, 60)
    assert not plan_refresh(NOW + timedelta(hours=1), 30, 60)
    SyncWindow.objects.filter(kind="refresh").update(state="complete")
    assert plan_refresh(NOW + timedelta(hours=1), 30, 60)


@pytest.mark.django_db
def test_offers_refreshes_before_history_and_newest_starts_first():
    plan_backfill(NOW, 200)
    plan_refresh(NOW, 200, 60)
    found = list(windows.next_windows())
    kinds = [window.kind for window in found]
    assert kinds == sorted(kinds, reverse=True)
    starts = [window.start_from for window in found if window.kind == "backfill"]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.django_db
def test_forgets_old_refreshes_and_quiet_runs_but_not_the_cursor():
    plan_backfill(NOW, 30)
    for hours in range(0, 48, 4):
        plan_refresh(NOW + timedelta(hours=hours), 30, 60)
        SyncWindow.objects.filter(kind="refresh").update(state="complete")
        prune(NOW + timedelta(hours=hours))
        SyncRun.objects.create(kind="refresh", state="complete", started_at=NOW + timedelta(hours=hours))
    assert SyncWindow.objects.filter(kind="refresh").count() <= 4
    assert SyncRun.objects.count() <= 4
    assert refresh.covered_to() == NOW + timedelta(hours=44)


@pytest.mark.django_db
def test_two_workers_who_join_what_was_split_cut_nothing_off(monkeypatch):
    hours = [NOW + timedelta(hours=hour) for hour in range(31)]
    for start, end in zip(hours, hours[1:], strict=False):
        SyncWindow.objects.create(kind="backfill", start_from=start, start_to=end, planned_at=NOW, state="complete")
    SyncWindow.objects.filter(start_to=hours[-1]).update(state="running")
    begin = pruning.transaction.atomic

    def begin_after_another():
        monkeypatch.setattr(pruning.transaction, "atomic", begin)
        SyncWindow.objects.update(state="complete")
        pruning.prune(NOW)
        return begin()

    monkeypatch.setattr(pruning.transaction, "atomic", begin_after_another)
    pruning.prune(NOW)
    assert list(SyncWindow.objects.values_list("start_from", "start_to")) == [(hours[0], hours[-1])]
