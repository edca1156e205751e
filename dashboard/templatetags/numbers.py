"""A number with its address and interval: a page holds hundreds, and an included template costs ten times as much."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.overview.cards import Number
from dashboard.templatetags.readback import dash

register = template.Library()


@register.simple_tag
def number(value: Number) -> SafeString:
    """The text, linked to the conversations behind it; a dash with its reason where there is no number."""
    if value.reason:
        return dash(value.reason)
    text = format_html('<a href="{}">{}</a>', value.url, value.text) if value.url else format_html("{}", value.text)
    return format_html('{} <span class="interval">{}</span>', text, value.interval) if value.interval else text
