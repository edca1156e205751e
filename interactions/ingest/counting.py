"""How many conversations LivePerson has, before they are read."""

from datetime import datetime, timedelta

from interactions.ingest import windows
from interactions.liveperson import Client, Refused, UnexpectedResponse
from interactions.models import Account


def count(client: Client, since: datetime, until: datetime) -> int:
    """How many there are in a range of starts: one small call per slice. Raises LivePersonError."""
    total = 0
    for span in windows.slices(since, until):
        start, end = (round(moment.timestamp() * 1000) for moment in span)
        total += client.search(start_from=start, start_to=end - 1, limit=1, content=("dialogs",)).count
    return total


def count_history(client: Client, now: datetime, days: int) -> None:
    """Ask once how much history there is, for the page that says how far its reading has come."""
    unknown = Account.objects.filter(history_count=None)
    if not unknown.exists():
        return
    try:
        found = count(client, now - timedelta(days=days), now)
    except (Refused, UnexpectedResponse):  # nothing depends on it
        found = 0
    unknown.update(history_count=found)
