"""What only the reader prints."""

from django import template

from dashboard import formats
from interactions.models import Conversation

register = template.Library()

# LivePerson's word for the web is SHARK.
CHANNELS = {"shark": "web", "sms": "SMS", "app": "app"}


@register.simple_tag
def time_range(conversation: Conversation) -> str:
    return formats.time_range(conversation.started_at, conversation.ended_at)


@register.filter
def channel(value: str) -> str:
    return CHANNELS.get(value, value.replace("_", " "))
