"""Windows that hold too much are read in pieces: LivePerson gives no record beyond the ten-thousandth of a search."""

from datetime import datetime, timedelta

from django.db import transaction

from interactions.ingest.windows import Span
from interactions.jobs import Claim
from interactions.models import SyncPage, SyncWindow

# Above this a window is split into pieces that would hold `AIM` each if its conversations were spread evenly.
SPLIT_ABOVE, AIM = 2500, 1000
# LivePerson widens a range of starts to ten minutes: smaller pieces would answer with the same conversations.
STEP = timedelta(minutes=10)


def pieces(span: Span, count: int) -> list[Span]:
    """The span in pieces at whole ten minutes, newest first; the span itself where it cannot be cut."""
    if count <= SPLIT_ABOVE:
        return [span]
    wanted = -(-count // AIM)
    length = (span.start_to - span.start_from) / wanted
    cuts = {_whole(span.start_from + length * number) for number in range(1, wanted)}
    ends = [span.start_from, *sorted(cut for cut in cuts if span.start_from < cut < span.start_to), span.start_to]
    return [Span(a, b) for a, b in zip(ends, ends[1:], strict=False)][::-1]


def _whole(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute - moment.minute % 10, second=0, microsecond=0)


def split(claim: Claim[SyncWindow], count: int, now: datetime) -> bool:
    """Make the claimed window its own newest piece and write the others down; False where it cannot be cut.

    One transaction under the claim: whoever dies in it leaves the window as it was. Raises LostClaim, StopRequested.
    """
    window = claim.row
    newest, *others = pieces(Span(window.start_from, window.start_to), count)
    if not others:
        return False
    with transaction.atomic():
        claim.renew(now, start_from=newest.start_from, total_count=None, expected_count=None, done_count=0)
        SyncPage.objects.filter(window=window).delete()
        SyncWindow.objects.bulk_create([_piece(window, span, now) for span in others])
    window.start_from = newest.start_from
    return True


def _piece(window: SyncWindow, span: Span, now: datetime) -> SyncWindow:
    """What is known of the whole holds for each part: since when it is not complete, and which plan it belongs to."""
    return SyncWindow(
        kind=window.kind,
        tier=window.tier,
        start_from=span.start_from,
        start_to=span.start_to,
        updated_since=window.updated_since,
        planned_at=window.planned_at,
        incomplete_since=window.incomplete_since,
        not_before=now,
        error=window.error,
    )
