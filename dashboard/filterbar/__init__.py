"""The filter form of list pages: what may be chosen, what is chosen, and what it carries along unseen."""

from .bar import FilterBar
from .controls import Choices, Option

__all__ = ["Choices", "FilterBar", "Option"]
