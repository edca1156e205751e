"""A column in a file gives what it holds, however it is asked."""

import random

import numpy as np
import pytest

from interactions.search.columnar import infile


@pytest.fixture(params=[(3, 2, 5), (4096, 128, 65_536)])
def _sizes(request, monkeypatch):
    for name, size in zip(("_STRETCH", "_MOST", "_PIECE"), request.param, strict=True):
        monkeypatch.setattr(infile, name, size)


@pytest.mark.usefixtures("_sizes")
def test_reads_any_places_as_the_whole_has_them(tmp_path):
    dice = random.Random(3)
    for kind in (np.int8, np.int32, np.int64):
        for size in (0, 1, 5, 6, 63, 200):
            held = np.array(sorted(dice.randrange(-100, 100) for _ in range(size)), dtype=kind)
            (tmp_path / "column").write_bytes(held.tobytes())
            with (tmp_path / "column").open("rb", buffering=0) as file:
                column = infile.InFile(file, np.dtype(kind))
                assert column.whole().tolist() == held.tolist()
                for count in (0, 1, 3, size // 2, size):
                    places = np.array(sorted(dice.sample(range(size), min(count, size))), dtype=np.int64)
                    found = column.at(places)
                    assert found.tolist() == held[places].tolist() and found.dtype == kind
                values = np.array([dice.randrange(-110, 110) for _ in range(9)])
                assert column.first_from(values).tolist() == np.searchsorted(held, values).tolist()
