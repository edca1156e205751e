"""What stands under a message: its notes, and the way to write one. By hand: a transcript has up to 1,500 of them,
and included templates would take a third of a second."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from dashboard.transcript.lines import Turn


def notes(turn: Turn) -> SafeString:
    """The element that notes stand in, for the script too; nothing where marks are not shown."""
    if not turn.note_url:
        return SafeString("")
    written = render_to_string("dashboard/_notes.html", {"notes": turn.notes}) if turn.notes else ""
    return SafeString(
        f'<div class="message-notes" data-message="{escape(turn.message_id)}"><div data-notes>{written}</div>'
        f'<a class="note-link" href="{escape(turn.note_url)}" data-note-open title="Note on this message (c)">'
        'Note<span class="unseen"> on this message</span></a></div>'
    )
