"""Formatted text of messages made safe to show: our own allow-list, nothing fetched, links with their host."""

from .lines import plain
from .links import Link, link
from .parsing import is_beyond
from .showing import clean, has_words, highlighted

__all__ = ["Link", "clean", "has_words", "highlighted", "is_beyond", "link", "plain"]
