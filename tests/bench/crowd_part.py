"""Ten readers, an importer and an export at once, through the product's own web server, over the filled database.

The importer writes conversations that are stored already anew from their raw records, which deletes as well as
inserts; it takes turns with the pages as every importing process does.
"""

import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import requests

from tests.bench.measure import line
from tests.bench.people import readers
from tests.servers import free_port

SECONDS = 60
READERS = 10
# What a person does not do faster than; ten of them are five pages a second.
THOUGHT = (1.0, 3.0)
REWRITTEN = 20_000
READABLE = 200
ADDRESSES = {
    "list": ("/conversations/", "/conversations/?sort=-first_response", "/conversations/?sort=agent"),
    "list, filtered": ("/conversations/?csat=1&csat=2", "/conversations/?mcs_max=39&sort=mcs&period=28d"),
    "search": ("/conversations/?q=order", "/conversations/?q=refund+-late", "/conversations/?q=%22third+time%22"),
    "counts after the rows": ("/conversations/size.json?csat=1", "/conversations/size.json?q=order"),
    "facets": (
        "/conversations/facets.json?facet=csat&facet=mcs_band",
        "/conversations/facets.json?csat=1&csat=2&facet=status&facet=channel",
        "/conversations/facets.json?period=28d&facet=agent",
        "/conversations/facets.json",
    ),
    "overview": ("/?period=28d&zone=UTC",),
}
Spans = dict[str, list[float]]
Addresses = dict[str, tuple[str, ...]]


def main() -> int:
    os.environ |= {"HOST": "127.0.0.1", "PORT": str(free_port())}
    django.setup()
    from django.contrib.auth import get_user_model

    from interactions.ingest import rederive
    from interactions.models import Conversation, RawRecord

    cookies = [_cookie(client) for client in readers().values()]
    # A database filled by older rules has enough to be written anew, from its oldest on.
    if rederive.remaining() < REWRITTEN:
        newest = RawRecord.objects.order_by("-pk").values_list("pk", flat=True)[:REWRITTEN]
        RawRecord.objects.filter(pk__gte=min(newest)).update(derived_by=0)
    before = rederive.remaining()
    everybodys = Conversation.objects.visible_to(get_user_model().objects.get(username="bench-supervisor"), few=True)
    idents = everybodys.order_by("-pk").values_list("conversation_id", flat=True)[:READABLE]
    addresses = ADDRESSES | {"reader": tuple([f"/conversations/{ident}/" for ident in idents])}
    with _served() as (base, server):
        _warm_up(base, cookies, addresses)
        _report("readers alone", _crowd(base, cookies, addresses))
        command = [sys.executable, "manage.py", "rederive", "--resume"]
        importer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stop = threading.Event()
        exported: list[int] = []
        export = threading.Thread(target=_export, args=(base, cookies[0], stop, exported))
        export.start()
        try:
            _report("with an importer and an export", _crowd(base, cookies, addresses))
        finally:
            stop.set()
            importer.terminate()
            importer.wait()
            export.join()
        line("  web process, peak memory", f"{_peak_megabytes(server):.0f} MB")
    line("  written anew meanwhile", f"{before - rederive.remaining():,} conversations")
    line("  exported meanwhile", f"{sum(exported):,} rows")
    if before > REWRITTEN:
        return 0
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode


def _cookie(client: Any) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    """The address, and the number of the process."""
    from django.conf import settings

    from dashboard.processes import web

    # As `make run` starts it.
    server = subprocess.Popen(web(Path()).arguments)
    try:
        base = f"http://127.0.0.1:{settings.PORT}"
        while not _answers(base):
            time.sleep(0.2)
        yield base, server.pid
    finally:
        server.terminate()
        server.wait()


def _warm_up(base: str, cookies: list[dict[str, str]], addresses: Addresses) -> None:
    """Asks for pages of each kind, of as many processes at once as there are: busy ones leave them to the others."""

    def ask(cookie: dict[str, str]) -> None:
        for some in addresses.values():
            for address in some[:5] * 2:
                requests.get(f"{base}{address}", cookies=cookie, timeout=60)

    people = [threading.Thread(target=ask, args=(cookie,)) for cookie in cookies]
    for person in people:
        person.start()
    for person in people:
        person.join()


def _peak_megabytes(server: int) -> float:
    """Of the largest process that answers, as far as this system tells."""
    peaks = []
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        held = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{child}/status").read_text())
        peaks.append(int(held[1]) / 1024 if held else 0)
    return max(peaks)


def _answers(base: str) -> bool:
    try:
        return requests.get(f"{base}/login/", timeout=5).ok
    except requests.RequestException:
        return False


def _crowd(base: str, cookies: list[dict[str, str]], addresses: Addresses) -> Spans:
    spans: Spans = defaultdict(list)
    until = time.monotonic() + SECONDS
    people = [
        threading.Thread(target=_read, args=(base, cookies[number % len(cookies)], number, addresses, until, spans))
        for number in range(READERS)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return spans


def _read(base: str, cookie: dict[str, str], number: int, addresses: Addresses, until: float, spans: Spans) -> None:
    dice = random.Random(number)
    time.sleep(dice.uniform(0, THOUGHT[1]))  # people do not come to their desks in the same second
    while time.monotonic() < until:
        kind = dice.choice([*addresses, "list", "list, filtered"])
        address = dice.choice(addresses[kind])
        began = time.perf_counter()
        # Anew each time: the server ends a silent connection after two seconds, and a browser would ask again.
        answer = requests.get(f"{base}{address}", cookies=cookie, timeout=60)
        spans[kind].append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
        time.sleep(dice.uniform(*THOUGHT))


def _export(base: str, cookie: dict[str, str], stop: threading.Event, rows: list[int]) -> None:
    with requests.get(f"{base}/conversations.csv", cookies=cookie, stream=True, timeout=60) as answer:
        for chunk in answer.iter_content(1 << 16):
            rows.append(chunk.count(b"\r\n"))
            if stop.is_set():
                return


def _report(title: str, spans: Spans) -> None:
    print(f"  {title}")
    for kind, found in sorted(spans.items()):
        if len(found) > 1:
            p95 = statistics.quantiles(found, n=20)[-1]
            times = f"median {statistics.median(found):5.0f} ms   p95 {p95:5.0f} ms   max {max(found):5.0f} ms"
            line(f"  {kind}, {len(found)} times", times)


if __name__ == "__main__":
    sys.exit(main())
