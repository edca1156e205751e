"""The access audit: a line for every reading, written before anything is sent; where it cannot be, nothing is sent.

One insert, committed by itself: on SQLite a page waits until an importer has ended its turn, and no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from interactions.ingest.turns import between_turns
from interactions.models import AuditLine, Conversation, Prefetch
from interactions.search import ConversationQuery

# A browser that fetches a transcript ahead says so; it is then put on record apart, until it is shown.
AHEAD = "X-Readback-Prefetch"
Kind = AuditLine.Kind
# How long after it was sent a browser may say that it was shown: it waits for the connection, or for a sign-in.
_LATEST = timedelta(days=2)


def is_ahead(request: HttpRequest) -> bool:
    """Fetched before anybody asked for it."""
    return AHEAD in request.headers


def opened(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> None:
    """A transcript is about to be sent."""
    if request.method != "HEAD":
        write(request, Kind.OPENED, query, conversation_id=conversation.conversation_id)


def opened_or_ahead(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> None:
    """The same in the reader, which alone is fetched ahead: until it says that it is shown nobody has read it."""
    if request.method == "HEAD" or not is_ahead(request):
        opened(request, conversation, query)
        return
    user = _reader(request)
    with between_turns():
        Prefetch.objects.create(
            at=timezone.now(),
            user_pk=user.pk,
            username=user.get_username(),
            conversation_id=conversation.conversation_id,
        )


def shown(request: HttpRequest, conversation: Conversation, query: ConversationQuery) -> None:
    """What was fetched ahead is looked at now."""
    write(request, Kind.OPENED, query, conversation_id=conversation.conversation_id)


def shown_late(request: HttpRequest, conversation_id: str) -> None:
    """The same of somebody who may not read it any more, if it was sent to them while they might."""
    since = timezone.now() - _LATEST
    if "\0" in conversation_id:  # which PostgreSQL does not take, and no id holds
        return
    if Prefetch.objects.filter(at__gte=since, user_pk=_reader(request).pk, conversation_id=conversation_id).exists():
        write(request, Kind.OPENED, conversation_id=conversation_id)


def searched(request: HttpRequest, query: ConversationQuery, conversation_ids: Iterable[str]) -> None:
    """Lines of these transcripts are about to be shown beside each other."""
    ids = list(conversation_ids)
    if ids and request.method != "HEAD":
        write(request, Kind.SEARCHED, query, shown=ids)


def write(
    request: HttpRequest,
    kind: AuditLine.Kind,
    query: ConversationQuery | None = None,
    *,
    conversation_id: str = "",
    shown: Iterable[str] = (),
    line_count: int | None = None,
) -> None:
    """`shown` are LivePerson's ids of conversations that are read beside each other."""
    user, page, ids = _reader(request), request.resolver_match, list(shown)
    line = AuditLine(
        at=timezone.now(),
        user_pk=user.pk,
        username=user.get_username(),
        kind=kind,
        page=(page.view_name if page else "")[:40],
        conversation_id=conversation_id,
        query=_without_words(query) if query else "",
        query_key=key_of(query) if query else "",
        shown="\n".join(("", *ids, "")) if ids else "",
        line_count=line_count,
    )
    with between_turns():
        line.save()


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _without_words(query: ConversationQuery) -> str:
    """The list's address; of a search only that there was one: what was looked for can be a person's name."""
    params = query.asked_for().replace(q="*" if query.q else None).params()
    return urlencode(params, safe="*/")


def key_of(query: ConversationQuery) -> str:
    """Equal for equal lists, and no way back to the words."""
    return salted_hmac("readback.audit", query.asked_for().querystring()).hexdigest()[:16]
