"""One question put to list, count and both files, and held against an answer worked out elsewhere."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.test import Client

from interactions.search import PARAMETERS, SORTS, parse
from tests.matching import Row, in_order, matching

ZONES = ("UTC", "Europe/Paris", "Pacific/Auckland", "America/St_Johns")
DIRECTED = [f"{sign}{name}" for name in SORTS if name != "shuffle" for sign in ("", "-")]
Params = Mapping[str, Sequence[str]]
Lines = list[list[str]]


def lines(client: Client, address: str) -> Lines:
    """A file's lines as cells, without the headings."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content, newline="")))[1:]


class Reader:
    """A person, and the rows (`tests.matching`) that they should see, each with its primary key under `id`."""

    def __init__(self, user: User, rows: Sequence[Row]) -> None:
        self.user, self.rows = user, rows
        self.idents = {row["id"]: row["conversation_id"] for row in rows}
        self.client = Client()
        self.client.force_login(user)
        self._whole: dict[tuple[str, str], dict[str, Lines]] = {}

    def whole(self, name: str, zone: str) -> dict[str, Lines]:
        """All lines of a file by conversation."""
        if (name, zone) not in self._whole:
            found = self._whole[name, zone] = defaultdict(list)
            for line in lines(self.client, f"/{name}.csv?zone={zone}"):
                found[line[0]].append(line)
        return self._whole[name, zone]

    def check(self, params: Params, zone: str = "UTC", sort: str = "-started_at", *, files: bool = True) -> None:
        """Everything that answers the question says the same, in the same order."""
        expected = in_order(matching(self.rows, params, zone), sort)
        asked = {**params, "zone": [zone], "sort": [sort]}
        address = urlencode(asked, doseq=True)
        query = parse({name: list(values) for name, values in asked.items()}, zone="UTC").query
        assert query.count(self.user) == len(expected), address
        shown = [row.pk for row in query.rows(self.user, size=len(self.rows) + 1).rows]
        assert self._named(shown) == self._named(expected), address
        for name in ("conversations", "messages") if files else ():
            whole = self.whole(name, zone)
            wanted = [line for pk in expected for line in whole.get(self.idents[pk], ())]
            assert lines(self.client, f"/{name}.csv?{address}") == wanted, f"{name} {address}"

    def _named(self, keys: Sequence[int]) -> list[str]:
        return [self.idents.get(key, f"unseen {key}") for key in keys]


def drawn(dice: Random, offered: Mapping[str, Sequence[str]], most: int = 3) -> Params | None:
    """Some parameters with some of their values; None where they contradict each other."""
    params: dict[str, Any] = {}
    for name in dice.sample(sorted(offered), dice.randint(0, most)):
        size = dice.randint(1, min(3, len(offered[name]))) if PARAMETERS[name].is_many else 1
        params[name] = dice.sample(list(offered[name]), size)
    return params if parse(params, zone="UTC").is_valid else None
