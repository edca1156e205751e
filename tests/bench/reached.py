"""What a page asks about how far LivePerson was read: a database filled without the network says nothing of it."""


def read_up_to_now(days: int) -> None:
    """Writes down the history of so many days and the refreshes as a worker would have, all of them read."""
    from django.conf import settings
    from django.utils import timezone

    from interactions.ingest import refresh, windows
    from interactions.models import SyncWindow, WorkState

    now = timezone.now()
    windows.plan_backfill(now, days)
    refresh.plan_refresh(now, days, settings.POLL_SECONDS)
    SyncWindow.objects.exclude(state=WorkState.COMPLETE).update(state=WorkState.COMPLETE, completed_at=now)
