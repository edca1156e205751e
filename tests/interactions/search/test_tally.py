"""How often each number stands among many, told some at a time, against all of them counted one by one."""

import random
from collections import Counter

import numpy as np
import pytest

from interactions.search.joined import tally, tally_of


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
@pytest.mark.parametrize("seed", range(5))
def test_tells_the_same_however_it_is_cut(kind, seed):
    dice = random.Random(seed)
    widest = 100 if kind is np.int8 else 3_000
    values = [dice.randint(-widest, widest) for _ in range(4_000)]
    if kind is not np.int8:
        values += [2_000_000_000, -2_000_000_000, 2_000_000_000]  # a start in the year 2900
        dice.shuffle(values)
    cuts = sorted(dice.sample(range(len(values)), 9))
    pieces = [
        np.array(values[start:end], dtype=kind) for start, end in zip([0, *cuts], [*cuts, len(values)], strict=True)
    ]
    pieces.insert(3, np.zeros(0, dtype=kind))
    assert tally_of(pieces) == Counter(values) == tally(np.array(values, dtype=kind))


def test_tells_the_same_where_the_first_is_far_from_all_others():
    pieces = [np.array(each) for each in ([2_000_000_000], [1, 2, 2], [2, 3], [2_000_000_001])]
    assert tally_of(pieces) == {1: 1, 2: 3, 3: 1, 2_000_000_000: 1, 2_000_000_001: 1}


@pytest.mark.parametrize("pieces", [[], [np.zeros(0, dtype=np.int32)]])
def test_tells_nothing_of_none(pieces):
    assert tally_of(pieces) == {}
