"""`manage.py erase`: removes a consumer and everything they wrote, for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from interactions.ingest.erasure import erase
from interactions.models import Consumer, Conversation


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
            count = Conversation.objects.filter(consumer__participant_id=ident).count()
            raise CommandError(f"This would erase {count:,} conversations for good. Nothing was erased; add --yes.")
        erased = erase(ident, timezone.now())
        self.stdout.write(
            f"Erased {erased.conversations:,} conversations and {erased.unreadable:,} records that could not be read. "
            "What LivePerson still shows of this consumer is not taken in again. Backups made before still hold it."
        )

    def _participant(self, ident: str | None, number: int | None) -> str:
        if (ident is None) == (number is None):
            raise CommandError("Name one consumer: by the participant id, or by --consumer and the number.")
        if ident is not None:
            return ident
        assert number is not None
        found = Consumer.objects.filter(pk=number).first()
        if found is None:
            raise CommandError(f"There is no consumer with the number {number}.")
        return found.participant_id
