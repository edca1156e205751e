"""What only the reader prints."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from dashboard import formats, richtext
from dashboard.markup import joined
from dashboard.transcript import drawing, printing
from dashboard.transcript import trace as traces
from dashboard.transcript.lines import Line
from dashboard.transcript.scores import ScoreRow
from interactions.models import Conversation
from interactions.search import Piece, channel_word, device_word

register = template.Library()


@register.simple_tag
def time_range(conversation: Conversation) -> str:
    return formats.time_range(conversation.started_at, conversation.ended_at)


@register.filter
def channel(value: str) -> str:
    return channel_word(value)


@register.filter
def device(value: str) -> str:
    return device_word(value)


@register.filter
def printed(lines: Iterable[Line]) -> SafeString:
    """Lines of a transcript as list items."""
    return printing.lines(lines)


@register.filter
def highlighted(pieces: Iterable[Piece]) -> SafeString:
    """Text with the words marked that were searched for."""
    return richtext.highlighted(pieces)


@register.filter
def score_rows(rows: Sequence[ScoreRow]) -> SafeString:
    """Lines of the table of scores."""
    return mark_safe("\n".join(printing.score_row(row) for row in rows))


@register.filter
def fact_rows(facts: Iterable[tuple[str, object]]) -> SafeString:
    """What is known of a conversation as groups of a description list; labels and values may be the account's own."""
    return joined('<div><dt dir="auto">{}</dt><dd dir="auto">{}</dd></div>', facts)


@register.filter
def course(trace: traces.Trace | None) -> str:
    return traces.course(trace)


@register.filter
def drawn(trace: traces.Trace) -> SafeString:
    return drawing.svg(trace)
