"""Who stands nearest in a long line, against all of it sorted."""

import numpy as np
import pytest

from interactions.search.columnar.infile import InFile
from interactions.search.columnar.layout import TYPES, null_of
from interactions.search.columnar.line import Line
from interactions.search.columnar.ranks import Ranks
from interactions.search.columnar.segment import InFiles, InMemory

from .conftest import asked

SIZE = 60_000
LAST = 2**62


def segment(kind):
    random = np.random.default_rng(7)
    ids = np.sort(random.choice(10 * SIZE, SIZE, replace=False)).astype(np.int64) + 1
    values = {
        "many": random.integers(0, 10**9, SIZE),
        "few": random.integers(1, 6, SIZE),
        "one": np.full(SIZE, 3),
        "clustered": np.where(random.random(SIZE) < 0.999, 7, random.integers(0, 100, SIZE)),
    }[kind].astype(np.int64)
    column = values.astype(TYPES["duration_seconds"])
    column[random.random(SIZE) < 0.1] = null_of(column)
    return {"id": ids, "duration_seconds": column}, null_of(column)


@pytest.fixture(params=["in memory", "in any order", "in files"])
def held(request, tmp_path):
    """Makes a segment of columns in order of their ids."""

    def make(columns):
        if request.param == "in files":
            return InFiles({name: in_file(tmp_path / name, column) for name, column in columns.items()}, SIZE, {})
        if request.param == "in any order":
            mixed = np.random.default_rng(9).permutation(SIZE)
            columns = {name: column[mixed] for name, column in columns.items()}
        return InMemory(columns, {})

    return make


def in_file(path, column):
    path.write_bytes(column.tobytes())
    return InFile(path.open("rb", buffering=0), column.dtype)


@pytest.mark.parametrize("sort", ["duration", "-duration"])
@pytest.mark.parametrize("kind", ["many", "few", "one", "clustered"])
@pytest.mark.parametrize("share", [1.0, 0.5, 0.001])
def test_finds_the_nearest_either_way_and_how_many_are_before(held, kind, sort, share):
    columns, null = segment(kind)
    made = held(columns)
    mask = np.random.default_rng(8).random(SIZE) < share
    order = asked(f"sort={sort}").order
    line = Line(made, mask, Ranks(order))
    sign = -1 if order.is_descending else 1
    ids, values = made.column("id")[mask].tolist(), made.column("duration_seconds")[mask].tolist()
    whole = sorted(
        (LAST if value == null else sign * value, sign * ident) for value, ident in zip(values, ids, strict=True)
    )
    starts = [None, *(whole[int(len(whole) * part)] for part in (0, 0.003, 0.3, 0.5, 0.95, 0.999)), whole[-1]]
    starts += [(whole[5][0] - 1, 0), (whole[5][0], 0)]
    for start in starts:
        for limit in (1, 25, 2000):
            later = [each for each in whole if start is None or each > start][:limit]
            earlier = [each for each in whole if start is None or each < start][::-1][:limit]
            for expected, backwards in ((later, False), (earlier, True)):
                ranks, keys = line.nearest(start, limit, backwards=backwards)
                assert sorted(zip(ranks.tolist(), keys.tolist(), strict=True)) == sorted(expected)
        if start is not None:
            assert line.before(start) == sum(each < start for each in whole)
    assert line.holds(ids[0]) and not line.holds(ids[-1] + 10 * SIZE)
