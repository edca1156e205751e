"""The lists of the filter form, written at once: a template takes ten times as long for each line."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from dashboard.filterbar import Choices, Option
from dashboard.markup import joined, markup
from dashboard.templatetags.readback import band_glyph
from interactions.search import can_hold

register = template.Library()

_CHOICE = '<label class="choice"><input type="checkbox" name="{}" value="{}"{}> <bdi>{}</bdi></label>'
_TOGGLE = (
    '<label class="toggle toggle-{0}-{1}"><input type="checkbox" name="{0}" value="{1}"{2}><span>{3}</span></label>'
)
_NOTHING = '<span aria-hidden="true">{}</span><span class="unseen">no {}</span>'
_CHECKED, _WRONG, _PLAIN = mark_safe(" checked"), mark_safe(' aria-invalid="true"'), mark_safe("")
_DISABLED = mark_safe(" disabled")


def _state(control: Choices, option: Option) -> SafeString:
    """The attributes of a check box besides its name and value."""
    return (_CHECKED if option.is_chosen else _PLAIN) + (_WRONG if control.is_wrong else _PLAIN)


def _able(control: Choices, option: Option) -> SafeString:
    # Most are plain text, and a look at each character of all of them would cost more than the form.
    return _PLAIN if option.value.isprintable() or can_hold(control.name, option.value) else _DISABLED


@register.simple_tag
def check_boxes(control: Choices) -> SafeString:
    rows = (
        (control.name, option.value, _state(control, option) + _able(control, option), option.label)
        for option in control.options
    )
    return joined(_CHOICE, rows)


@register.simple_tag
def toggles(control: Choices, has_glyphs: bool = False) -> SafeString:
    """`has_glyphs` where the values are LivePerson's bands."""
    label = _banded if has_glyphs else _label
    rows = ((control.name, option.value, _state(control, option), label(control, option)) for option in control.options)
    return joined(_TOGGLE, rows)


def _banded(control: Choices, option: Option) -> str:
    return markup("{} {}", band_glyph(option.value), option.label)


def _label(control: Choices, option: Option) -> str:
    return markup(_NOTHING, option.label, control.label) if option.value == "none" else option.label


@register.simple_tag
def suggested(words: tuple[str, ...]) -> SafeString:
    return joined('<option value="{}"></option>', ((word,) for word in words))
