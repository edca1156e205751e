"""An importer in virtual time on an account in which things go wrong: what the tests of faults share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from interactions.ingest import status, sync
from interactions.ingest.reading import Tools
from interactions.liveperson import Retry, Timeout
from interactions.models import Account, Conversation, RawRecord, SyncRun, SyncWindow, UnreadableRecord
from interactions.sandbox.faults import Fault
from tests.interactions.ingest.conftest import Importer, client_of
from tests.ledger import compare

# Real seconds: what a server that says nothing costs a test.
IMPATIENT = Timeout(connect=5, read=0.5, total=1.5)


@dataclass
class Scene:
    """The importer with the client's real policy of retries, every wait of which passes in virtual time."""

    importer: Importer
    client: Any

    @classmethod
    def of(cls, importer: Importer, **options: Any) -> "Scene":
        clock = importer.clock
        options = {"retry": Retry(), "clock": clock.epoch, "sleep": clock.sleep, **options}
        return cls(importer, client_of(importer.served, **options))

    def script(self, *faults: Fault) -> None:
        self.importer.served.faults.script(*faults)

    def work(self, **tools: Any) -> bool:
        """One wake-up of the worker."""
        clock = self.importer.clock
        return sync.run_due(self.client, Tools(clock=clock, sleep=clock.sleep, **tools))

    def go_on(self, hours: float = 3, step: float = 30) -> None:
        """Wakes the worker every `step` minutes for so many hours."""
        for _ in range(int(hours * 60 / step)):
            self.importer.later(minutes=step)
            self.work()

    def until(self, is_enough: Callable[[], bool], minutes: int = 600, step: int = 1) -> None:
        """Wakes the worker every `step` minutes until it is."""
        for _ in range(0, minutes, step):
            if is_enough():
                return
            self.importer.later(minutes=step)
            # Or the worker would refresh for its whole turn, of real minutes, where waiting takes none.
            self.work(is_ending=is_enough)
        raise AssertionError("it never came to that")

    def wrong(self, **options: Any) -> list[str]:
        """What is wrong now: against the ledger, against the account as it is, and with the windows."""
        return [*compare(self.importer.served.versions, **options), *unread(self.importer), *open_windows()]

    @property
    def trouble(self) -> str:
        return Account.objects.get().trouble

    @property
    def state(self) -> str:
        return status.freshness(self.importer.clock.now).state

    def errors(self) -> str:
        return " ".join(SyncRun.objects.exclude(error="").values_list("error", flat=True))


def unread(importer: Importer) -> Iterator[str]:
    """What the account has now and nobody ever read."""
    now = importer.account.refresh()
    known = set(Conversation.objects.values_list("conversation_id", flat=True))
    known |= set(UnreadableRecord.objects.values_list("key", flat=True))
    for record in importer.account.truth():
        if record["info"]["conversationId"] not in known:
            yield f"UNREAD {record['info']['conversationId']} as of {now}"


def open_windows() -> Iterator[str]:
    for window in SyncWindow.objects.exclude(state="complete"):
        yield f"OPEN {window}: {window.state} {window.error}"


def cut_records() -> int:
    return RawRecord.objects.filter(is_partial=True).count()


TWENTY = timedelta(minutes=20)
