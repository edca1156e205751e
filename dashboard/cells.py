"""What stands in each cell of the list. Functions, not templates: a page prints 550 cells, and included templates
take 25 ms for them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from dashboard import formats
from dashboard.markup import escaped, markup
from dashboard.templatetags.readback import csat_badge, dash, mcs, mcs_path
from interactions.models import Survey
from interactions.search import channel_word, device_word, isolated

if TYPE_CHECKING:
    from dashboard.listing import Row

Html = SafeString | str
# Of what stands in many rows, or on many pages: names, and the links and signs made of them. By type as well, as a
# text may equal what is markup.
_KEPT = 250


def mark(row: Row) -> Html:
    return _sign(row.marks.words, row.marks.glyph)


@lru_cache(_KEPT, typed=True)
def _sign(words: str, glyph: str) -> SafeString:
    sign = '<span class="sign" title="{}"><span aria-hidden="true">{}</span><span class="unseen">{}</span></span>'
    return markup(sign, words, glyph, words)


def tags(row: Row) -> Html:
    return _name(", ".join(row.marks.tags)) if row.marks.tags else dash("no tag")


def notes(row: Row) -> Html:
    return formats.count(row.marks.note_count) if row.marks.note_count else dash("no note")


def flag(row: Row) -> Html:
    return _name(row.marks.flagged_by) if row.marks.is_flagged else dash("no flag")


def reviewed_by(row: Row) -> Html:
    return _name(row.marks.reviewed_by) if row.marks.is_reviewed else dash("not reviewed")


def reviewed_at(row: Row) -> Html:
    at = row.marks.reviewed_at
    return dash("not reviewed") if at is None else _time(at)


def started_at(row: Row) -> Html:
    return markup('<a class="row-link" href="{}">{}</a>', row.url, _time(row.conversation.started_at))


def ended_at(row: Row) -> Html:
    at = row.conversation.ended_at
    return dash("still open" if row.conversation.is_open else "not said") if at is None else _time(at)


def _time(at: datetime) -> SafeString:
    return markup('<time datetime="{}">{}</time>', at.isoformat(), formats.short_time(at))


def consumer(row: Row) -> Html:
    return _name(row.conversation.consumer or "Visitor")


def agent(row: Row) -> Html:
    if row.agent is None:
        return dash("nobody took part")
    link = _agent_link(row.agent_url, row.agent.name) if row.agent_url else _name(row.agent)
    if not row.more_agents:
        return link
    more = '{} <span class="muted" title="{} more took part">+{}<span class="unseen"> more</span></span>'
    return markup(more, link, row.more_agents, row.more_agents)


@lru_cache(_KEPT, typed=True)
def _agent_link(url: str, name: str) -> SafeString:
    link = '<a class="clip" href="{}" title="Only conversations with {}"><bdi>{}</bdi></a>'
    return markup(link, url, isolated(name), name)


def credited(row: Row) -> Html:
    found = row.conversation.credited_agent
    return _name(found) if found else dash("nobody credited")


def skill(row: Row) -> Html:
    return _name(row.conversation.skill) if row.conversation.skill else dash("no skill")


def group(row: Row) -> Html:
    return _name(row.conversation.group) if row.conversation.group else dash("no group")


def _name(name: object) -> SafeString:
    return _clipped(str(name))


@lru_cache(_KEPT, typed=True)
def _clipped(name: str) -> SafeString:
    return markup('<bdi class="clip">{}</bdi>', name)


def csat(row: Row) -> Html:
    value = row.conversation.csat
    if not row.csat_url:
        return dash(row.no_csat)
    return _csat_link(row.csat_url, value)


@lru_cache(_KEPT, typed=True)
def _csat_link(url: str, value: int | None) -> SafeString:
    return markup('<a href="{}" title="Only CSAT {}">{}</a>', url, value, csat_badge(value))


def mcs_score(row: Row) -> Html:
    score = mcs(row.conversation.mcs, row.conversation.mcs_band)
    if row.conversation.is_open and row.conversation.mcs is not None:
        return markup('{} <span class="muted">so far</span>', score)
    return score


def path(row: Row) -> Html:
    return mcs_path(row.conversation)


def mcs_fall(row: Row) -> Html:
    return _number(row.conversation.mcs_fall, "fewer than two scores")


def nps(row: Row) -> Html:
    return _number(row.conversation.nps, "not answered")


def fcr(row: Row) -> Html:
    return dash("not answered") if row.conversation.fcr is None else "Yes" if row.conversation.fcr else "No"


def survey(row: Row) -> Html:
    word: str = Survey(row.conversation.survey).label
    return word[0].upper() + word[1:]


def first_response(row: Row) -> Html:
    return _span(row.conversation.first_response_seconds, "no human reply")


def longest_response(row: Row) -> Html:
    return _span(row.conversation.longest_response_seconds, "no human reply")


def duration(row: Row) -> Html:
    """Of an open conversation its age; a script lets it grow, counting from when it was written."""
    if not row.conversation.is_open:
        return formats.span(row.duration_seconds)
    age = '<span data-age="{}" title="So far: open conversations have no duration to sort by">{}</span>'
    return markup(age, row.duration_seconds, formats.span(row.duration_seconds))


def messages(row: Row) -> Html:
    return formats.count(row.conversation.message_count)


def transfers(row: Row) -> Html:
    return formats.count(row.conversation.transfer_count)


def bot_share(row: Row) -> Html:
    """Of the messages of bots and human agents; automatic lines are neither."""
    bot, human = row.conversation.bot_message_count, row.conversation.agent_message_count
    return formats.share(bot / (bot + human), bot + human) if bot + human else dash("nobody answered")


def close_reason(row: Row) -> Html:
    if row.conversation.is_open:
        return "open"
    return escaped(row.closed_by) if row.closed_by else dash("not said")


def channel(row: Row) -> Html:
    return _word(channel_word(row.conversation.channel))


def device(row: Row) -> Html:
    return _word(device_word(row.conversation.device))


def conversation(row: Row) -> Html:
    number = row.conversation.conversation_id
    return markup('<span class="clip" title="{}">{}</span>', number, number)


def _word(word: str) -> Html:
    return escaped(word[0].upper() + word[1:]) if word else dash("not said")


def _number(value: int | None, reason: str) -> Html:
    return dash(reason) if value is None else formats.count(value)


def _span(seconds: int | None, reason: str) -> Html:
    return dash(reason) if seconds is None else formats.span(seconds)
