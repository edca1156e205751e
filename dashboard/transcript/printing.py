"""Messages as HTML. Functions, not templates: of a long transcript a page prints 1,500, and templates take 0.3 s."""

from collections.abc import Iterable
from html import escape

from django.template.loader import get_template
from django.utils.safestring import SafeString

from dashboard.marks.printing import notes
from dashboard.richtext import highlighted
from interactions.models import Speaker

from .lines import AutomaticRun, Event, Line, Rule, Turn, Wait
from .scores import ScoreRow

_PRIVATE = '<p class="turn-label">Private note: the consumer did not see this</p>'


def lines(found: Iterable[Line]) -> SafeString:
    """A whole transcript as list items."""
    return SafeString("\n".join(map(_line, found)))


def _line(line: Line) -> str:
    match line:
        case Turn():
            return turn(line)
        case Event():
            return _event(line)
        case Wait():
            return f'<li class="line-wait muted">{escape(line.text)}</li>'
        case Rule():
            return f'<li class="line-rule"><h2>{escape(line.text)}</h2></li>'
        case AutomaticRun():
            return _automatic(line)


def _event(line: Event) -> str:
    time = f'<time datetime="{line.iso}">{line.clock}</time> ' if line.at else ""
    note = f": “<bdi>{escape(line.note)}</bdi>”" if line.note else ""
    said = f'<span dir="auto">{time}{escape(line.text)}{note}</span>'
    return f'<li class="line-event event-{line.what}">{said}</li>'


def _automatic(line: AutomaticRun) -> str:
    """Folded away, with the rules that recognised them."""
    why = f'<p class="muted">automatic because: {escape(line.reason)}</p>'
    folded = f"<summary>{escape(line.label)}</summary>\n{why}\n<ol>{lines(line.turns)}</ol>"
    return f'<li class="line-automatic"><details data-automatic>{folded}</details></li>'


def turn(line: Turn) -> SafeString:
    """One message as a list item: time, speaker, what was said, score."""
    shape = f"turn turn-{line.speaker}"
    if not line.is_first:
        shape += " turn-same"
    if line.is_match:
        shape += " turn-match"
    anchor, clock = escape(line.anchor), line.clock
    fall = " data-fall" if line.is_fall else ""
    return SafeString(
        f'<li class="{shape}" id="{anchor}" data-message-id="{escape(line.message_id)}" tabindex="-1"{fall}>'
        f'<a class="turn-time" href="#{anchor}"><time datetime="{line.iso}">{clock}</time></a>'
        f'<span class="turn-name"><bdi>{escape(line.name)}</bdi>{_role(line)}</span>'
        f'<div class="turn-body">{_body(line)}</div>{_score(line)}</li>'
    )


def _role(line: Turn) -> str:
    return f' <span class="turn-role">{line.role}</span>' if line.role else ""


def _body(line: Turn) -> str:
    parts = [_PRIVATE] if line.speaker == Speaker.NOTE else []
    parts.append(_words(line))
    if line.cards:
        template = get_template("dashboard/_message_card.html")
        parts += [template.render({"card": card}) for card in line.cards]
    if line.marks:
        parts += [f'<span class="turn-mark">{escape(mark)}</span>' for mark in line.marks]
    if line.intents:
        said = "".join(f"<li><bdi>{escape(intent)}</bdi></li>" for intent in line.intents)
        parts.append(f'<details class="turn-intent"><summary>intent</summary><ul>{said}</ul></details>')
    if line.delivery:
        parts.append(f'<span class="turn-delivery">{line.delivery}</span>')
    parts.append(notes(line))
    return "".join(parts)


def _words(line: Turn) -> str:
    if line.html:
        return f'<div class="turn-text turn-html" dir="auto">{line.html}</div>'
    if not line.text:
        return ""
    if not line.pieces:
        return f'<p class="turn-text" dir="auto">{escape(line.text)}</p>'
    return f'<p class="turn-text" dir="auto">{highlighted(line.pieces)}</p>'


def _score(line: Turn) -> str:
    if line.mcs is None:
        return ""
    change = f' <span class="turn-change">{line.change}</span>' if line.change else ""
    return f'<span class="turn-score"><span class="unseen">MCS </span>{line.mcs}{change}</span>'


def score_row(row: ScoreRow) -> SafeString:
    """One line of the table of scores."""
    cells = (
        (row.turn.raw_score, "no score of its own"),
        (row.turn.mcs, "not given"),
        (None if row.change is None else row.change_text, "first score"),
    )
    numbers = "".join(f'<td class="number">{_dash(why) if value is None else value}</td>' for value, why in cells)
    time = f'<a href="#{escape(row.turn.anchor)}">{row.turn.clock}</a>'
    return SafeString(f'<tr><th scope="row">{time}</th><td><bdi>{escape(row.speaker)}</bdi></td>{numbers}</tr>')


def _dash(reason: str) -> str:
    seen, said = '<span aria-hidden="true">–</span>', f'<span class="unseen">{reason}</span>'
    return f'<span class="nothing" title="{reason}">{seen}{said}</span>'
