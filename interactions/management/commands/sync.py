"""`manage.py sync`: reads LivePerson once, in the foreground."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TextIO, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from interactions.ingest import account, byhand, connection, counting
from interactions.ingest.byhand import Summary
from interactions.ingest.progress import Bar
from interactions.ingest.reading import Tools
from interactions.liveperson import Client, LivePersonError, Unavailable
from interactions.models import is_sandbox_account

COULD_NOT_RUN = 2


class Command(BaseCommand):
    help = (
        "Reads conversations from LivePerson once. Exit code: 0 everything asked for was read whole, 1 some periods "
        "were not, 2 LivePerson could not be read at all, 130 interrupted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", metavar="DATE", help="first day of the starts to read, for example 2026-08-01")
        parser.add_argument("--until", metavar="DATE", help="last day (included); default: now")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        since, until = bounds(options["since"], options["until"], now)
        try:
            account_id, client = connection.build_client()
            account.pin(account_id)
        except (connection.NotConfigured, account.OtherAccount) as reason:
            raise CommandError(str(reason), returncode=COULD_NOT_RUN) from None
        by_range = bool(options["since"] or options["until"])
        started = time.monotonic()
        try:
            with client:
                summary = self._read(client, since, until, by_range)
        except LivePersonError as error:
            account.note_trouble(error, timezone.now())
            raise CommandError(_sentence(error, account_id), returncode=COULD_NOT_RUN) from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted. What was read is stored.", returncode=130) from None
        self._report(summary, time.monotonic() - started)

    def _read(self, client: Client, since: datetime, until: datetime, by_range: bool) -> Summary:
        bar = Bar(cast(TextIO, self.stderr._out), counting.count(client, since, until), "conversations")
        tools, watch = Tools(), _watch(bar)
        if by_range:
            summary = byhand.read_range(client, tools, since, until, watch)
        else:
            summary = byhand.read_all(client, tools, watch)
        bar.show(summary.read, last=True)
        return summary

    def _report(self, summary: Summary, seconds: float) -> None:
        done = summary.outcome
        rate = summary.read / seconds if seconds else 0
        self.stdout.write(
            f"Read {summary.read:,} in {seconds:.1f} s ({rate:,.0f} a second): {done.new:,} new, "
            f"{done.changed:,} changed, {done.unchanged:,} unchanged, {done.unreadable:,} unreadable."
        )
        if summary.incomplete:
            raise CommandError("Not complete:\n" + "\n".join(summary.incomplete))


def _watch(bar: Bar) -> Callable[[int], None]:
    return lambda done: bar.show(done)


def bounds(since: str | None, until: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The range of starts; days are those of TIME_ZONE, `until` is included. CommandError for what is no date."""
    place = ZoneInfo(settings.TIME_ZONE)
    first = _day("--since", since, place) if since else now - timedelta(days=settings.BACKFILL_DAYS)
    end = _day("--until", until, place, days=1) if until else now
    end = min(end, now)
    if first >= end:
        raise CommandError(f"There is nothing to read from {since or first.date()} to {until or 'now'}.")
    return first, end


def _day(option: str, text: str, place: ZoneInfo, *, days: int = 0) -> datetime:
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CommandError(f"{option} must be a date such as 2026-08-01, not {text!r}.") from None


def _sentence(error: LivePersonError, account_id: str) -> str:
    if isinstance(error, Unavailable) and is_sandbox_account(account_id):
        return (
            "The sandbox does not answer: start one with `make run` (or `manage.py sandbox`, and put the lines that "
            "it prints into .env)."
        )
    return account.trouble_of(error, timezone.now())[1]
