"""Which conversations an address asks for, in what order, and in which words."""

from .arrivals import arrived, newest
from .codes import BANDS, channel_word, code_word, device_word, language_word, queue_word
from .columnar.answer import one_instant
from .columnar.copy import open_copy
from .conditions import Condition
from .facts import Facts
from .filters import FILTERS, Choice, Filter, Parameter
from .fulltext import Words
from .isolation import isolated
from .limits import is_cut_off, within
from .neighbours import Around, Neighbours
from .paging import Page
from .parameters import PARAMETERS, can_hold
from .parsing import Parsed, parse
from .position import BadPosition
from .query import ConversationQuery
from .sentence import Part, sentences_of
from .snippets import COMMENT, Piece, Snippet, holds, marked, marked_each, snippets
from .sorts import DEFAULT_SORT, SORTS, Sort
from .text import searchable
from .words import Term, signs

__all__ = [
    "BANDS",
    "COMMENT",
    "DEFAULT_SORT",
    "FILTERS",
    "PARAMETERS",
    "SORTS",
    "Around",
    "BadPosition",
    "Choice",
    "Condition",
    "ConversationQuery",
    "Facts",
    "Filter",
    "Neighbours",
    "Page",
    "Parameter",
    "Parsed",
    "Part",
    "Piece",
    "Snippet",
    "Sort",
    "Term",
    "Words",
    "arrived",
    "can_hold",
    "channel_word",
    "code_word",
    "device_word",
    "holds",
    "is_cut_off",
    "isolated",
    "language_word",
    "marked",
    "marked_each",
    "newest",
    "one_instant",
    "open_copy",
    "parse",
    "queue_word",
    "searchable",
    "sentences_of",
    "signs",
    "snippets",
    "within",
]
