"""`manage.py rederive`: fills every table anew from the raw records."""

import time
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser

from interactions.ingest import rederive
from interactions.ingest.progress import Bar
from interactions.ingest.reading import Tools
from interactions.jobs.priority import step_back


class Command(BaseCommand):
    help = "Rebuilds all tables from the records as they came; LivePerson is not asked. May be stopped and repeated."

    def run_from_argv(self, argv: list[str]) -> None:
        step_back()  # from the shell alone: who calls it from a program has a priority of their own
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--resume", action="store_true", help="only what an interrupted run, or an older version, has left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["resume"]:
            rederive.forget_version()
        started = time.monotonic()
        bar = Bar(cast(TextIO, self.stderr._out), rederive.remaining(), "conversations")
        progress = rederive.rederive(Tools(), lambda so_far: bar.show(so_far.done))
        bar.show(progress.done, last=True)
        done = progress.outcome
        self.stdout.write(
            f"Rebuilt {done.new + done.changed:,} conversations in {time.monotonic() - started:.1f} s; "
            f"{done.unreadable:,} records stay unreadable."
        )
