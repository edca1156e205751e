"""Columnar copies of what a test has written and not committed."""

import numpy as np

from interactions.models import Conversation
from interactions.search.columnar import copy, files
from interactions.search.columnar.layers import Layer
from interactions.search.columnar.rows import of
from interactions.search.columnar.segment import empty, joined


def half_changed() -> copy.Copy:
    """All conversations, in files; every second changed since, twice."""
    made = files.write(lambda: True)
    assert made is not None
    token, size = made
    keys = np.array(Conversation.objects.order_by("pk").values_list("pk", flat=True)[::2], dtype=np.int64)
    opened = files.opened(token, size)
    once = joined(empty(), np.zeros(0, dtype=bool), of(keys.tolist()))
    newest = of(keys[:3].tolist())
    return copy.Copy(token, 0, Layer(opened).without(keys), Layer(once).without(keys[:3]), newest)
