"""`manage.py erase`: removes a consumer and everything they wrote, for good."""

from collections.abc import Callable
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from interactions.ingest import erasure, wordindex
from interactions.ingest.progress import Bar
from interactions.models import Consumer
from interactions.search.columnar import making

_NOTHING = erasure.Theirs(0, 0)
_UNKNOWN = "Nothing that is stored names this id, or not any more: look whether it is the right one."


class Command(BaseCommand):
    help = (
        "Erases a consumer with all conversations, marks and notes. LivePerson may go on showing them: they stay out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("participant_id", nargs="?", help="the consumer's participant id at LivePerson")
        parser.add_argument("--consumer", type=int, metavar="N", help="or the number behind consumer= in an address")
        parser.add_argument("--yes", action="store_true", help="do it; without, only what would go is told")

    def handle(self, *args: Any, **options: Any) -> None:
        ident = self._participant(options["participant_id"], options["consumer"])
        if not options["yes"]:
            raise CommandError(_would(self._watched(lambda watch: erasure.stored_of(ident, watch))))
        erased = self._watched(lambda watch: erasure.erase(ident, timezone.now(), watch))
        self._merge()
        making.drop()
        done = _UNKNOWN if erased == _NOTHING else f"Erased {_counted(erased)}."
        self.stdout.write(
            f"{done} What LivePerson still shows of this consumer is not taken in again. "
            "Backups made before still hold it."
        )

    def _watched(self, call: Callable[[erasure.Watch], erasure.Theirs]) -> erasure.Theirs:
        bar = self._bar("records looked at")

        def watch(done: int, total: int) -> None:
            bar.total = total
            bar.show(done)

        try:
            found = call(watch)
        except erasure.NotAConsumer as error:
            raise CommandError(str(error)) from None
        bar.show(bar.done, last=True)
        return found

    def _participant(self, ident: str | None, number: int | None) -> str:
        if (ident is None) == (number is None):
            raise CommandError("Name one consumer: by the participant id, or by --consumer and the number.")
        if ident is not None:
            return _readable(ident)
        assert number is not None
        found = Consumer.objects.filter(pk=number).first()
        if found is None:
            raise CommandError(f"There is no consumer with the number {number}.")
        return found.participant_id

    def _merge(self) -> None:
        bar = self._bar("MB of the index of words merged")
        if wordindex.merge(bar.show):
            bar.show(bar.done, last=True)

    def _bar(self, noun: str) -> Bar:
        return Bar(cast(TextIO, self.stderr._out), None, noun)


def _readable(ident: str) -> str:
    try:
        ident.encode()
    except UnicodeEncodeError:  # bytes of another encoding, which Python passes on as halves of characters
        raise CommandError("The participant id is not UTF-8.") from None
    return ident


def _would(theirs: erasure.Theirs) -> str:
    if theirs == _NOTHING:
        return f"{_UNKNOWN} Nothing was erased; --yes keeps out what LivePerson may still show of it."
    return f"This would erase {_counted(theirs)} for good. Nothing was erased; add --yes."


def _counted(theirs: erasure.Theirs) -> str:
    return f"{theirs.conversations:,} conversations and {theirs.unreadable:,} records that could not be read"
