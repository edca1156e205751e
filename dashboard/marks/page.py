"""The marks of one conversation as the reader shows them; a fixed number of queries, however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote_plus

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from dashboard import formats
from dashboard.links import link, path
from dashboard.transcript.lines import AutomaticRun, Line, NoteLine, Turn
from interactions.models import (
    LONGEST_NOTE,
    LONGEST_TAG,
    Conversation,
    Flag,
    Message,
    Note,
    Review,
    Tagging,
    message_range,
    person_name,
)
from interactions.models.prepared import Blank, Prepared
from interactions.search import ConversationQuery

from . import last, walk
from .offers import first_tags

# Beside the list's parameters: the message that a note is about.
MESSAGE = "message"


@dataclass(frozen=True)
class ReviewLine:
    name: str
    at: datetime
    is_mine: bool

    @property
    def words(self) -> str:
        """ "by Ivo, 10:12"."""
        return _by("you" if self.is_mine else self.name, self.at)


@dataclass(frozen=True)
class TagLine:
    name: str
    words: str


@dataclass
class Marks:
    """What `user` sees of the marks of `conversation`, and where its forms lead, inside the list of `query`."""

    conversation: Conversation
    user: User
    tail: str
    list_url: str
    has_next: bool
    reviews: list[ReviewLine]
    flag: Flag | None
    tags: list[TagLine]
    notes: list[NoteLine]
    by_message: dict[str, list[NoteLine]]
    walk: walk.Walk
    last: last.Last | None = None
    error: str = ""
    longest_tag: int = LONGEST_TAG
    longest_note: int = LONGEST_NOTE
    nonce: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def mine(self) -> ReviewLine | None:
        return next((line for line in self.reviews if line.is_mine), None)

    @property
    def others(self) -> list[ReviewLine]:
        return [line for line in self.reviews if not line.is_mine]

    @property
    def flag_words(self) -> str:
        if self.flag is None:
            return ""
        return _by("you" if self.is_flag_mine else person_name(self.flag.user), self.flag.flagged_at)

    @property
    def is_flag_mine(self) -> bool:
        return self.flag is not None and self.flag.user_id == self.user.pk

    @property
    def progress(self) -> str:
        """For the head of the list: "2 reviewed"; nothing before the first."""
        return f"{formats.count(self.walk.reviewed)} reviewed" if self.walk.reviewed else ""

    @property
    def end_words(self) -> str:
        return self.walk.words

    @cached_property
    def offered(self) -> tuple[list[str], bool]:
        """Tags to choose from while typing, and whether there are more."""
        return first_tags()

    @property
    def on_messages(self) -> str:
        count = sum(len(lines) for lines in self.by_message.values())
        return f"{formats.plural(count, 'note')} on {formats.plural(len(self.by_message), 'message')}"

    @property
    def note_count(self) -> int:
        return len(self.notes) + sum(len(lines) for lines in self.by_message.values())

    @property
    def review_url(self) -> str:
        return self._url("conversation-review")

    @property
    def flag_url(self) -> str:
        return self._url("conversation-flag")

    @property
    def tags_url(self) -> str:
        return self._url("conversation-tags")

    @property
    def notes_url(self) -> str:
        return self._url("conversation-notes")

    @property
    def shown_url(self) -> str:
        return self._url("conversation-shown")

    @property
    def undo_url(self) -> str:
        return _with(path("mark-undo"), self.tail)

    def _url(self, route: str) -> str:
        return _with(reverse(route, args=[self.conversation.conversation_id]), self.tail)

    def attach(self, lines: Iterable[Line]) -> None:
        """Give each message of a transcript its notes and the address under which one is written about it."""
        base = reverse("conversation-notes", args=[self.conversation.conversation_id])
        behind = f"&{self.tail}" if self.tail else ""
        for turn in _turns(lines):
            turn.notes = tuple(self.by_message.get(turn.message_id, ()))
            turn.note_url = f"{base}?{MESSAGE}={quote_plus(turn.message_id)}{behind}"


def _by(name: str, at: datetime) -> str:
    return f"by {name}, {formats.moment(at, timezone.now())}"


def _with(url: str, tail: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{tail}" if tail else url


def _turns(lines: Iterable[Line]) -> Iterable[Turn]:
    for line in lines:
        if isinstance(line, Turn):
            yield line
        elif isinstance(line, AutomaticRun):
            yield from line.turns


def tail_of(request: HttpRequest, query: ConversationQuery) -> str:
    """The list that a conversation is read in, as its address says it; "" where it is read by itself."""
    is_list = any(name != MESSAGE for name in request.GET)
    return query.replace().querystring() or (f"sort={query.sort}" if is_list else "")


_OF_IT = {"conversation": Blank("pk")}
_NOTES = Prepared(lambda: Note.objects.of(Blank("pk"), Message.objects.within(Blank("first"), Blank("last"))))
_REVIEWS = Prepared(lambda: Review.objects.filter(**_OF_IT).select_related("user").order_by("reviewed_at", "pk"))
_FLAG = Prepared(lambda: Flag.objects.filter(**_OF_IT).select_related("user"))
_TAGGINGS = Prepared(lambda: Tagging.objects.filter(**_OF_IT).select_related("tag", "user").order_by("tag__key"))


def marks_of(
    request: HttpRequest, conversation: Conversation, query: ConversationQuery, *, has_next: bool, error: str = ""
) -> Marks:
    user, pk = request.user, conversation.pk
    assert isinstance(user, User)
    tail = tail_of(request, query)
    whole: list[NoteLine] = []
    by_message: dict[str, list[NoteLine]] = {}
    first, last_one = message_range(pk)
    for note in _NOTES(pk=pk, first=first, last=last_one):
        # Where the record has lost the message, its notes are read with those on the conversation.
        (by_message.setdefault(note.message_id, []) if note.has_message else whole).append(note_line(note, user, tail))
    return Marks(
        conversation=conversation,
        user=user,
        tail=tail,
        list_url=link(query.replace()),
        has_next=has_next and bool(tail),
        reviews=[
            ReviewLine(person_name(each.user), each.reviewed_at, each.user_id == user.pk) for each in _REVIEWS(pk=pk)
        ],
        flag=_FLAG.first(pk=pk),
        tags=[TagLine(each.tag.name, f"by {person_name(each.user)}") for each in _TAGGINGS(pk=pk)],
        notes=whole,
        by_message=by_message,
        walk=walk.of(user, query, timezone.now()),
        last=last.read(request),
        error=error,
    )


def note_line(note: Note, user: User, tail: str) -> NoteLine:
    is_mine = note.user_id == user.pk
    return NoteLine(
        pk=note.pk,
        text=note.text,
        name="you" if is_mine else person_name(note.user),
        at=note.written_at,
        is_changed=note.changed_at is not None,
        is_left=bool(note.message_id) and not note.has_message,
        edit_url=_with(reverse("note-edit", args=[note.pk]), tail) if is_mine else "",
    )
