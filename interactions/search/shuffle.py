"""A fair sample: each seed is an order of its own, the same for everyone, in the database and in the copy.

The stored key is a hash of the conversation's id. Multiplied by an odd number, modulo 2^32, no two keys become one, and
of any two conversations either may come first (Dietzfelbinger et al. 1997, J. Algorithms 25:19, multiplicative
hashing). A walk through the keys themselves from a place that the seed names would begin with the same neighbours
again and again, and with whoever follows a wide gap more often than with others.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import BigIntegerField, F, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]

COLUMN = "shuffle_key"
_BITS = 2**32 - 1


@lru_cache(maxsize=64)
def _factor_and_shift(seed: int) -> tuple[int, int]:
    # The factor has 31 bits, so that no product leaves the 63 that a database counts with.
    digest = hashlib.blake2b(str(seed).encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4]) >> 1 | 1, int.from_bytes(digest[4:])


def place(key: int, seed: int) -> int:
    """Where the conversation with this key stands in the order of the seed, 0 to 2^32 - 1."""
    factor, shift = _factor_and_shift(seed)
    return (key & _BITS) * factor + shift & _BITS


def places(keys: npt.NDArray[np.signedinteger], seed: int) -> Numbers:
    factor, shift = _factor_and_shift(seed)
    found: Numbers = (keys.astype(np.int64) & _BITS) * factor + shift & _BITS
    return found


def expression(seed: int) -> CombinedExpression:
    """The same of a row of `Conversation`."""
    factor, shift = (Value(number, BigIntegerField()) for number in _factor_and_shift(seed))
    unsigned = Cast(F(COLUMN), BigIntegerField()).bitand(_BITS)
    return (unsigned * factor + shift).bitand(_BITS)
