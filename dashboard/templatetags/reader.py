"""What only the reader prints."""

from django import template
from django.utils.safestring import SafeString

from dashboard import formats
from dashboard.marks import printing
from dashboard.transcript.lines import Turn
from interactions.models import Conversation
from interactions.search import channel_word, device_word

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
def notes(turn: Turn) -> SafeString:
    return printing.notes(turn)
