"""`manage.py sandbox`: serves a stand-in LivePerson account until it is stopped."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from interactions.sandbox.cli import add_options, run


class Command(BaseCommand):
    help = "Serves a stand-in LivePerson account and prints the settings that point to it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(run(argparse.Namespace(**options), sys.stdout))
