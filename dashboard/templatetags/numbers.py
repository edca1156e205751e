"""A number with its address and interval: a page holds hundreds, and an included template costs ten times as much."""

from django import template
from django.utils.safestring import SafeString

from dashboard.markup import markup
from dashboard.overview.cards import Number
from dashboard.templatetags.readback import dash

register = template.Library()


@register.simple_tag
def number(value: Number) -> SafeString:
    """The text, linked to the conversations behind it; a dash with its reason where there is no number."""
    if value.reason:
        return dash(value.reason)
    text = markup('<a href="{}">{}</a>', value.url, value.text) if value.url else markup("{}", value.text)
    return markup('{} <span class="interval">{}</span>', text, value.interval) if value.interval else text
