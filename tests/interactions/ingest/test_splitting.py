"""Windows that hold much are read in pieces, and no bucket of starts is too full to come in whole."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.ingest import splitting, sync
from interactions.ingest.splitting import AIM, SPLIT_ABOVE, STEP, pieces
from interactions.ingest.windows import Span
from interactions.models import Conversation, SyncRun, SyncWindow

NOON = datetime(2026, 3, 2, 12, 3, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("count", [0, 1, SPLIT_ABOVE])
def test_leaves_a_span_whole_that_holds_little(count):
    assert pieces(Span(NOON - DAY, NOON), count) == [Span(NOON - DAY, NOON)]


@pytest.mark.parametrize("count", [SPLIT_ABOVE + 1, 9_999, 1_000_000])
@pytest.mark.parametrize("length", [DAY, timedelta(minutes=25), timedelta(minutes=11), timedelta(days=85)])
def test_covers_the_span_without_gap_newest_first(length, count):
    found = pieces(Span(NOON - length, NOON), count)
    assert (found[0].start_to, found[-1].start_from) == (NOON, NOON - length)
    assert all(newer.start_from == older.start_to for newer, older in zip(found, found[1:], strict=False))
    assert all(cut.start_from.timestamp() % STEP.total_seconds() == 0 for cut in found[:-1])


def test_aims_at_pieces_that_are_quickly_read():
    assert len(pieces(Span(NOON - 7 * DAY, NOON), 30 * AIM)) == 30


def test_does_not_cut_ten_minutes():
    [only] = pieces(Span(NOON.replace(minute=0, second=0), NOON.replace(minute=10, second=0)), 12_000)
    assert only.start_to - only.start_from == STEP


def small(ident, started_ms):
    return {"info": {"conversationId": ident, "startTimeL": started_ms, "status": "CLOSE", "source": "APP"}}


def fill(importer, starts):
    for number, started_ms in enumerate(starts):
        importer.account.put(small(f"c-{number}", started_ms))


@pytest.mark.django_db
def test_reads_a_busy_day_in_pieces(importer_of, clock, monkeypatch):
    monkeypatch.setattr(splitting, "SPLIT_ABOVE", 60)
    monkeypatch.setattr(splitting, "AIM", 25)
    importer = importer_of(300, days=4)
    while importer.run():
        pass
    assert Conversation.objects.count() == 300
    windows = SyncWindow.objects.filter(kind="backfill").order_by("-start_from")
    assert windows.count() > 8
    assert set(windows.values_list("state", flat=True)) == {"complete"}
    assert all(a.start_from == b.start_to for a, b in zip(windows, windows[1:], strict=False))
    assert not SyncRun.objects.exclude(state="complete").exists()


@pytest.mark.django_db
def test_reads_three_thousand_that_began_in_the_same_millisecond(importer_of, clock):
    importer = importer_of(1)
    started = int((clock.now - timedelta(hours=2)).timestamp() * 1000)
    fill(importer, [started] * 3000)
    importer.run()
    assert Conversation.objects.filter(conversation_id__startswith="c-").count() == 3000
    assert not SyncWindow.objects.exclude(state="complete").exists()


@pytest.mark.django_db
def test_reads_twelve_thousand_that_began_within_ten_minutes(importer_of, clock):
    importer = importer_of(1)
    bucket = int((clock.now - timedelta(hours=2)).timestamp()) // 600 * 600_000
    fill(importer, [bucket + number * 45 for number in range(12_000)])
    while importer.run():
        pass
    assert Conversation.objects.filter(conversation_id__startswith="c-").count() == 12_000
    assert not SyncWindow.objects.exclude(state="complete").exists()


@pytest.mark.django_db
def test_goes_on_from_the_newest_end_where_it_was_interrupted(importer_of, clock, monkeypatch):
    monkeypatch.setattr("interactions.ingest.reading.DEEPEST", 200)
    monkeypatch.setattr("interactions.liveperson.pages.DEEPEST", 200)
    importer = importer_of(1)
    bucket = int((clock.now - timedelta(hours=2)).timestamp()) // 600 * 600_000
    fill(importer, [bucket + number * 45 for number in range(350)])

    def stop(reading):
        if reading.is_backwards:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer.run(watch=stop)
    sync.resume(now=clock.now)
    importer.run()
    assert Conversation.objects.filter(conversation_id__startswith="c-").count() == 350
    assert not SyncWindow.objects.exclude(state="complete").exists()
