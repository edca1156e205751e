"""Template tags that write values the same way on every page."""

from datetime import datetime
from functools import cache, lru_cache

from django import template
from django.utils.safestring import SafeString

from dashboard import formats, links
from dashboard.bands import BANDS, Band, band_of
from dashboard.markup import joined, markup
from interactions.models import Conversation
from interactions.search import code_word, isolated

register = template.Library()

_PATH = """<span class="mcs-path">\
<svg viewBox="0 0 48 18" width="48" height="18" aria-hidden="true" focusable="false">\
<polyline points="{}"></polyline></svg>\
<span>{}<span aria-hidden="true"> → </span><span class="unseen"> at the start, lowest </span>\
{}<span aria-hidden="true"> → </span><span class="unseen">, at the end </span>{}</span></span>"""


@register.simple_tag
def path(name: str) -> str:
    """`{% url name %}` of a page without arguments, for what every page links to."""
    return links.path(name)


@register.filter
def span(seconds: float | None) -> str:
    return formats.span(seconds)


@register.filter
def short_time(at: datetime | None) -> str:
    return formats.short_time(at)


@register.filter
def clock(at: datetime) -> str:
    return formats.clock(at)


@register.filter
def count(number: int | None) -> str:
    return formats.count(number)


@register.filter(name="isolated")
def isolated_name(name: object) -> str:
    """A name inside an attribute's sentence, where no element can isolate it."""
    return isolated(str(name))


@register.filter(name="code_word")
def word_of_code(code: str) -> str:
    return code_word(code)


@register.filter
def code_names(sentence: str) -> SafeString:
    """A sentence with the names between its back ticks drawn as code."""
    pieces = enumerate(sentence.split("`"))
    return joined("{}", ((_code(text) if index % 2 else text,) for index, text in pieces))


def _code(text: str) -> SafeString:
    return markup("<code>{}</code>", text)


@register.simple_tag
@lru_cache(maxsize=256, typed=True)
def dash(reason: str) -> SafeString:
    """The sign for nothing, with its reason for screen readers and on hover."""
    return markup(
        '<span class="nothing" title="{0}"><span aria-hidden="true">–</span><span class="unseen">{0}</span></span>',
        reason,
    )


@register.simple_tag
@lru_cache(maxsize=256, typed=True)
def csat_badge(csat: int | None, reason: str = "not answered") -> SafeString:
    """The rating as a badge: always its digit, never colour alone."""
    if csat is None:
        return dash(reason)
    return markup('<span class="csat csat-{0}"><span class="unseen">CSAT </span>{0}</span>', csat)


@register.simple_tag
@lru_cache(maxsize=2_000, typed=True)
def mcs(score: int | None, band: int | None = None, word: bool = False) -> SafeString:
    """The score with the glyph of LivePerson's band; with its word when asked for (outside tables)."""
    if score is None and band is None:
        return dash("not scored")
    found = band_of(band)
    number = "" if score is None else str(score)
    if found is None:
        return markup('<span class="mcs">{}</span>', number)
    label = markup(' <span class="{}">{}</span>', "mcs-word" if word else "unseen", found.word)
    return markup('<span class="mcs">{} {}{}</span>', number, _glyph(found), label)


@cache
def _glyph(band: Band) -> SafeString:
    return markup('<span class="band band-{}" aria-hidden="true">{}</span>', band.step, band.sign)


@register.simple_tag
def band_glyph(band: int | str) -> SafeString:
    """The sign of LivePerson's band, in its colour; the word belongs beside it."""
    return _glyph(BANDS[int(band)])


@register.simple_tag
def mcs_path(conversation: Conversation) -> SafeString:
    """Start, lowest and end of the score as a small line and as text; the sign for nothing without a score."""
    first, lowest, last = conversation.mcs_first, conversation.mcs_lowest, conversation.mcs
    if first is None or lowest is None or last is None:
        return dash("not scored")
    return _path(first, lowest, last)


@lru_cache(maxsize=2_000)
def _path(first: int, lowest: int, last: int) -> SafeString:
    # 48 x 18 units with two units of air above and below, 100 at the top.
    line = " ".join(f"{x},{16 - value * 14 / 100:.1f}" for x, value in ((2, first), (24, lowest), (46, last)))
    return markup(_PATH, line, first, lowest, last)
