"""`manage.py sync`: reads LivePerson once, in the foreground."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any, TextIO, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from interactions.ingest import account, byhand, connection
from interactions.ingest.byhand import Summary, Watch
from interactions.ingest.counting import Tally
from interactions.ingest.progress import Bar
from interactions.ingest.reading import Tools
from interactions.jobs.priority import step_back
from interactions.liveperson import Client, LivePersonError, Unavailable
from interactions.models import is_sandbox_account

COULD_NOT_RUN = 2


class Command(BaseCommand):
    help = (
        "Reads conversations from LivePerson once. Exit code: 0 everything asked for was read whole, 1 some periods "
        "(history while it is paused) or lists (users, skills, groups, automatic messages) were not, 2 a date is "
        "wrong or LivePerson could not be read, 130 interrupted."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        step_back()  # from the shell alone: who calls it from a program has a priority of their own
        super().run_from_argv(argv)

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
        started, summary = time.monotonic(), Summary()
        try:
            with client:
                self._read(client, since, until if until < now else None, by_range, summary)
        except LivePersonError as error:
            account.note_trouble(error, timezone.now())
            self._say_read(summary, started)
            raise CommandError(_sentence(error, account_id), returncode=COULD_NOT_RUN) from None
        except KeyboardInterrupt:
            self._say_read(summary, started)
            raise CommandError("Interrupted. What was read is stored.", returncode=130) from None
        self._report(summary, started)

    def _read(self, client: Client, since: datetime, until: datetime | None, by_range: bool, summary: Summary) -> None:
        bar = Bar(cast(TextIO, self.stderr._out), None, "conversations")
        tools, watch = Tools(clock=connection.clock_of(client)), _watch(bar)
        if by_range:
            byhand.read_range(client, tools, since, until, watch, summary)
        else:
            byhand.read_all(client, tools, watch, summary)
        bar.total = summary.tally.total
        if bar.total:
            bar.show(summary.tally.done, last=True)

    def _say_read(self, summary: Summary, started: float) -> None:
        """What was read before it broke off is stored, and worth knowing."""
        if summary.read:
            self.stdout.write(_result(summary, time.monotonic() - started))

    def _report(self, summary: Summary, started: float) -> None:
        if summary.read or summary.incomplete:
            self.stdout.write(_result(summary, time.monotonic() - started))
        else:
            self.stdout.write("There was nothing to read: all that LivePerson has is read already.")
        left = [*summary.incomplete, *summary.refused]
        if left:
            raise CommandError("Not complete:\n" + "\n".join(left))


def _result(summary: Summary, seconds: float) -> str:
    done = summary.outcome
    rate = summary.read / seconds if seconds else 0
    return (
        f"Read {summary.read:,} in {seconds:.1f} s ({rate:,.0f} a second): {done.new:,} new, "
        f"{done.changed:,} changed, {done.unchanged:,} unchanged, {done.unreadable:,} unreadable."
    )


def _watch(bar: Bar) -> Watch:
    def show(tally: Tally) -> None:
        bar.total = tally.total
        bar.show(tally.done)

    return show


def bounds(since: str | None, until: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The range of starts; days are those of TIME_ZONE, `until` is included. CommandError for what is no date."""
    place = ZoneInfo(settings.TIME_ZONE)
    first = _day("--since", since, place) if since else now - timedelta(days=settings.BACKFILL_DAYS)
    end = _day("--until", until, place, days=1) if until else now
    end = min(end, now)
    if first >= end:
        said = f"There is nothing to read from {since or first.date()} to {until or 'now'}."
        raise CommandError(said, returncode=COULD_NOT_RUN)
    return first, end


def _day(option: str, text: str, place: ZoneInfo, *, days: int = 0) -> datetime:
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC)
    except (ValueError, OverflowError):
        said = f"{option} must be a date such as 2026-08-01, not {text!r}."
        raise CommandError(said, returncode=COULD_NOT_RUN) from None


def _sentence(error: LivePersonError, account_id: str) -> str:
    if isinstance(error, Unavailable) and is_sandbox_account(account_id):
        return (
            "The sandbox does not answer: start one with `make run` (or `manage.py sandbox`, and put the lines that "
            "it prints into .env)."
        )
    return account.trouble_of(error, timezone.now())[1]
