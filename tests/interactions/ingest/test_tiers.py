"""Older starts are refreshed less often, and nothing that changes late is missed for it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from interactions.ingest import refresh
from interactions.ingest.refresh import TIERS, tier_spans
from interactions.ingest.windows import plan_backfill
from interactions.models import Conversation, SyncWindow
from interactions.sandbox.faults import SEARCH, PartialResult
from tests.interactions.ingest.test_refresh import ms, record

pytestmark = pytest.mark.django_db
YEAR = 395


@pytest.fixture
def read(importer_of, settings, clock):
    settings.BACKFILL_DAYS = YEAR
    importer = importer_of(6, days=300)
    for name, days in (("young", 5), ("older", 60), ("oldest", 250)):
        importer.account.put(record(name, ms(clock.now - timedelta(days=days))))
    while importer.run():
        pass
    return importer


def late_rating(importer, clock, name, days):
    started = ms(clock.now - timedelta(days=days))
    importer.account.put(record(name, started, csatRate=1, status="CLOSE", changed_ms=ms(clock.now)))


def rated(name):
    return Conversation.objects.get(conversation_id=name).csat == 1


def refreshed(tier):
    return SyncWindow.objects.filter(kind="refresh", tier=tier).values("planned_at").distinct().count()


def test_tiers_lie_side_by_side_over_the_whole_history(db, clock):
    plan_backfill(clock.now, YEAR)
    spans = [span for tier in range(len(TIERS)) for span in tier_spans(tier, clock.now, YEAR)]
    assert spans[0].start_to > clock.now
    assert spans[-1].start_from <= clock.now - timedelta(days=YEAR)
    assert all(newer.start_from == older.start_to for newer, older in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize("days", [1, 28, 29, 113, 114])
def test_plans_no_empty_window_where_history_is_short(db, clock, days):
    plan_backfill(clock.now, days)
    for _ in range(3):
        clock.sleep(3600)
        refresh.plan_refresh(clock.now, days, 60)
        SyncWindow.objects.filter(kind="refresh").update(state="complete")
    assert refresh.covered_to() == clock.now


def test_asks_for_older_starts_less_often(read):
    before = [refreshed(tier) for tier in range(3)]
    for _ in range(30):
        read.later(seconds=61).run()
    more = [refreshed(tier) - count for tier, count in enumerate(before)]
    assert more[0] == 30
    assert 2 <= more[1] <= 4
    assert more[2] <= 1


@pytest.mark.parametrize(("name", "days", "minutes"), [("young", 5, 2), ("older", 60, 12), ("oldest", 250, 62)])
def test_brings_a_late_survey_within_the_time_of_its_tier(read, clock, name, days, minutes):
    late_rating(read, clock, name, days)
    read.later(minutes=minutes).run()
    assert rated(name)


def test_says_when_an_older_tier_lags(read, clock):
    first = clock.now
    read.later(minutes=11).run()
    assert not refresh.lagging(clock.now, 60)
    newest = SyncWindow.objects.filter(kind="refresh", tier=1, planned_at=clock.now)
    assert newest.update(state="incomplete")
    [(tier, covered)] = refresh.lagging(clock.now + timedelta(minutes=35), 60)
    assert (tier, covered) == (TIERS[1], first)


@dataclass(kw_only=True)
class OneSlice(PartialResult):
    """The refresh of the starts around one instant lacks everything."""

    began: int

    def takes(self, call, now):
        body = call.json() if call.path.endswith(SEARCH) else {}
        start = body.get("start", {"from": 0, "to": 0})
        return "latestUpdateTime" in body and start["from"] <= self.began <= start["to"] and super().takes(call, now)

    def rows(self, rows):
        return rows[:0]


def test_keeps_the_cursor_while_one_of_several_slices_is_incomplete(read, clock):
    covered, began = refresh.covered_to(2), ms(clock.now - timedelta(days=250))
    read.later(minutes=30).run()
    late_rating(read, clock, "oldest", 250)
    read.served.faults.script(OneSlice(began=began, lasts=4 * 3600.0))
    for _ in range(12):
        read.later(minutes=20).run()
        assert refresh.covered_to(2) == covered
    for _ in range(9):
        read.later(minutes=30).run()
    assert refresh.covered_to(2) > covered
    assert rated("oldest")


def test_asks_a_tier_for_what_has_grown_too_old_since_its_last_refresh(db, clock):
    plan_backfill(clock.now, YEAR)
    since = clock.now - timedelta(days=3)
    assert min(span.start_from for span in tier_spans(0, clock.now, YEAR, since)) == since - TIERS[0].age
