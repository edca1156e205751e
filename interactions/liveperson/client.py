"""The client: one method for each call that is used."""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar

from requests.auth import AuthBase

from interactions.liveperson.calls import Call, Caller
from interactions.liveperson.collector import collector_paused
from interactions.liveperson.configuration import (
    GROUP_FIELDS,
    SKILL_FIELDS,
    USER_FIELDS,
    NotModified,
    Revisioned,
    read_list,
)
from interactions.liveperson.credentials import Credentials, OAuth1Key
from interactions.liveperson.domain import Directory
from interactions.liveperson.errors import AuthenticationFailed, Refused, UnexpectedResponse
from interactions.liveperson.filters import DEFAULT_CONTENT, Filters
from interactions.liveperson.login import LoginSigner
from interactions.liveperson.oauth import KeySigner
from interactions.liveperson.outbound import Outbound
from interactions.liveperson.pages import LIMIT, OVERLAP, Page, page_of, records_of, shrinking, walk
from interactions.liveperson.pieces import Known, nothing_known
from interactions.liveperson.records import (
    AgentGroup,
    AutomaticMessage,
    ConversationRecord,
    Skill,
    User,
    parse_agent_group,
    parse_automatic_messages,
    parse_skill,
    parse_user,
)
from interactions.liveperson.retry import Retry
from interactions.liveperson.transport import Answer, HttpTransport, Timeout, Transport

T = TypeVar("T")

HISTORY = "msgHist"
CONFIGURATION = "accountConfigReadOnly"
MOST_UNREAD = 5  # by id, before it is the answers themselves that are wrong
HEAD_CONTENT = ("responseTime",)  # hardly anything: `info` comes with whatever is asked for
_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,20}")


class Signer(Protocol):
    """What authorises calls: a key, or a session."""

    def current(self) -> AuthBase: ...
    def renew(self, refused: AuthBase) -> AuthBase | None: ...
    def sign_out(self) -> None: ...


class Client:
    """LivePerson's REST APIs for one account, read only.

    `api_url` is the directory: its scheme is used for every service, and its being on loopback decides whether
    loopback may be called. `allowed_hosts` are further host suffixes. `source` names the caller to LivePerson, at
    most 20 characters. `known` says which records of a search are stored already, byte by byte, and need not be read.
    `transport`, `clock` (epoch seconds), `sleep` and `chance` (0 to 1) may be given by tests.
    Every method raises LivePersonError or one of its children, and nothing else of the network.
    """

    def __init__(
        self,
        account_id: str,
        *,
        credentials: Credentials,
        api_url: str = "https://api.liveperson.net",
        allowed_hosts: Sequence[str] = (),
        transport: Transport | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        timeout: Timeout | None = None,
        retry: Retry | None = None,
        source: str = "ReadbackSync",
        known: Known = nothing_known,
    ) -> None:
        if _SOURCE.fullmatch(source) is None:
            raise ValueError("source is 1 to 20 letters and digits")
        self._account_id = account_id
        self._source = source
        self._known = known
        self._transport: Transport = transport or HttpTransport(timeout)
        self._caller = Caller(
            transport=self._transport,
            outbound=Outbound.of(api_url, tuple(allowed_hosts)),
            retry=Retry() if retry is None else retry,
            clock=clock,
            sleep=sleep,
            random=chance,
        )
        self._directory = Directory(account_id, self._caller)
        self._signer: Signer = (
            KeySigner(credentials, self._caller.server_time, clock)
            if isinstance(credentials, OAuth1Key)
            else LoginSigner(account_id, credentials, self._caller, self._directory)
        )

    def __repr__(self) -> str:
        return f"Client({self._account_id!r})"

    @property
    def seconds_ahead(self) -> float:
        """How far LivePerson's clock is ahead of ours, by its last answer; 0 while it is less than 90 seconds."""
        return self._caller.server_time.ahead

    # Conversations

    def search(
        self,
        *,
        start_from: int,
        start_to: int,
        filters: Filters | None = None,
        offset: int = 0,
        limit: int = LIMIT,
        sort: str = "start:asc",
        content: Sequence[str] = DEFAULT_CONTENT,
    ) -> Page:
        """One page of the conversations that started in a span of at most three months.

        `start_from` and `start_to` are epoch milliseconds, both included and widened to ten minutes by the API;
        `offset` counts from zero, `limit` is 1 to 100. Source: Messaging Interactions API, Conversations.
        """
        start = {"start": {"from": start_from, "to": start_to}}
        body = {**start, **(filters or Filters()).body(), "contentToRetrieve": list(content)}
        params = {"offset": str(offset), "limit": str(limit), "sort": sort}
        return self._history("conversations/search", params, body, partial(page_of, offset=offset, known=self._known))

    def pages(
        self,
        *,
        start_from: int,
        start_to: int,
        filters: Filters | None = None,
        limit: int = LIMIT,
        overlap: int = OVERLAP,
        offset: int = 0,
        sort: str = "start:asc",
        content: Sequence[str] = DEFAULT_CONTENT,
    ) -> Iterator[Page]:
        """All pages of a search, oldest start first, from `offset` on where an earlier walk was broken off.

        Each page reads the last `overlap` records of the one before again, as conversations arrive and leave
        meanwhile: the same conversation can come twice. Compare the distinct ids with the last page's `count`.
        Where pages cannot be taken in, they become smaller, down to one record, of which then the head comes alone.
        No record beyond `DEEPEST` is asked for.
        """
        if not 0 <= overlap < limit:
            raise ValueError("the overlap must be smaller than the page")

        def read(offset: int, size: int) -> Page:
            return self.search(
                start_from=start_from,
                start_to=start_to,
                filters=filters,
                offset=offset,
                limit=size,
                sort=sort,
                content=content,
            )

        def head(offset: int, why: str) -> Page:
            return self.head(
                start_from=start_from, start_to=start_to, filters=filters, offset=offset, sort=sort, why=why
            )

        reader = shrinking(read, limit, smallest=overlap + 1, head=head)
        return walk(reader, overlap=overlap, offset=offset)

    def head(
        self,
        *,
        start_from: int,
        start_to: int,
        why: str,
        filters: Filters | None = None,
        offset: int = 0,
        sort: str = "start:asc",
    ) -> Page:
        """The one conversation at `offset` without what was said in it; its record's `unread` says `why`."""
        return self.search(
            start_from=start_from,
            start_to=start_to,
            filters=filters,
            offset=offset,
            limit=1,
            sort=sort,
            content=HEAD_CONTENT,
        ).put_aside(why)

    def by_id(self, ids: Sequence[str], *, content: Sequence[str] = DEFAULT_CONTENT) -> list[ConversationRecord]:
        """The full records of some conversations, in the order asked for; unknown ids are left out.

        Up to 100 ids go into one call; what its answer does not hold is asked for one by one. Source: Messaging
        Interactions API, Get Conversation by Conversation ID (the list of ids is undocumented).
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, ConversationRecord] = {}
        if len(wanted) > 1:
            for start in range(0, len(wanted), LIMIT):
                found |= self._several(wanted[start : start + LIMIT], content)
        unread = 0
        for ident in wanted:
            if ident not in found:
                try:
                    found |= self._one(ident, content)
                except UnexpectedResponse:  # one that cannot be read must not keep the others back
                    unread += 1
                    if unread == len(wanted) or unread == MOST_UNREAD:
                        raise
        return [found[ident] for ident in wanted if ident in found]

    def _several(self, ids: list[str], content: Sequence[str]) -> dict[str, ConversationRecord]:
        # Undocumented, so a refusal is no error; nor is an answer that cannot be taken in in one piece.
        params = {"offset": "0", "limit": str(LIMIT)}
        try:
            return self._by_id({"conversationIds": ids}, content, params)
        except UnexpectedResponse:
            return {}
        except Refused as error:
            if error.status not in (400, 404):
                raise
            return {}

    def _one(self, ident: str, content: Sequence[str]) -> dict[str, ConversationRecord]:
        try:
            return self._by_id({"conversationId": ident}, content, {})
        except Refused as error:
            # An id that it cannot read, or does not have; the other conversations must not wait for it.
            if error.status not in (400, 404):
                raise
            return {}

    def _by_id(
        self, which: Mapping[str, object], content: Sequence[str], params: Mapping[str, str]
    ) -> dict[str, ConversationRecord]:
        body = {**which, "contentToRetrieve": list(content)}
        records = self._history("conversations/conversation/search", params, body, records_of)
        return {record.info.conversation_id: record for record in records if record.info.conversation_id}

    def by_consumer(
        self,
        consumer: str,
        *,
        statuses: Sequence[str] = ("OPEN", "CLOSE"),
        content: Sequence[str] = DEFAULT_CONTENT,
    ) -> list[ConversationRecord]:
        """All conversations of a consumer, by participant id. Source: Get Conversations by Consumer ID."""
        body = {"consumer": consumer, "status": list(statuses), "contentToRetrieve": list(content)}

        def read(offset: int) -> Page:
            params = {"offset": str(offset), "limit": str(LIMIT), "sort": "start:asc"}
            return self._history("conversations/consumer/search", params, body, partial(page_of, offset=offset))

        return [record for page in walk(read, overlap=0) for record in page.records]

    def _history(
        self,
        call: str,
        params: Mapping[str, str],
        body: Mapping[str, object],
        read: Callable[[Answer, str], T],
    ) -> T:
        path = f"/messaging_history/api/account/{self._account_id}/{call}"
        asked = {**params, "v": "2", "source": self._source}
        answer = self._authorised("POST", HISTORY, path, asked, json=body)
        with collector_paused():
            return read(answer, path)

    # Configuration

    def users(self, *, revision: str | None = None) -> Revisioned[User] | NotModified:
        """All users, deleted ones too; NotModified when nothing changed since `revision`. Source: Users API."""
        query = {"v": "4.0", "select": USER_FIELDS}
        return self._configuration("le-users/users", query, _each(parse_user), revision)

    def skills(self, *, revision: str | None = None) -> Revisioned[Skill] | NotModified:
        """All skills, deleted ones too; NotModified when nothing changed since `revision`. Source: Skills API."""
        query = {"v": "4.0", "select": SKILL_FIELDS}
        return self._configuration("le-users/skills", query, _each(parse_skill), revision)

    def agent_groups(self, *, revision: str | None = None) -> Revisioned[AgentGroup] | NotModified:
        """All agent groups, deleted ones too; NotModified as above. Source: Agent Groups API."""
        query = {"v": "4.0", "select": GROUP_FIELDS}
        return self._configuration("le-users/agentGroups", query, _each(parse_agent_group), revision)

    def automatic_messages(self, *, revision: str | None = None) -> Revisioned[AutomaticMessage] | NotModified:
        """The automatic messages by the old base. Source: Automatic Messages API."""
        return self._configuration("engagement-window/auto-messages", {}, parse_automatic_messages, revision)

    def unified_automatic_messages(self, *, revision: str | None = None) -> Revisioned[AutomaticMessage] | NotModified:
        """The automatic messages of account and skills. Source: Unified Automatic Messages API."""
        return self._configuration(
            "engagement-window/unified-auto-messages", {"v": "2.0"}, parse_automatic_messages, revision
        )

    def _configuration(
        self,
        resource: str,
        query: Mapping[str, str],
        parse: Callable[[list[object]], tuple[T, ...]],
        revision: str | None,
    ) -> Revisioned[T] | NotModified:
        path = f"/api/account/{self._account_id}/configuration/{resource}"
        headers = {} if revision is None else {"If-Match": revision}
        asked = {**query, "include_deleted": "true"}
        answer = self._authorised("GET", CONFIGURATION, path, asked, headers=headers)
        return read_list(answer, parse, path=path, revision=revision)

    # The session

    def logout(self) -> None:
        """End a login session, if there is one; the next call would start another."""
        self._signer.sign_out()

    def close(self) -> None:
        """Log out and close the connections, also those of a transport that was given and has `close`."""
        try:
            self.logout()
        finally:
            close = getattr(self._transport, "close", None)
            if close is not None:
                close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _authorised(
        self,
        method: str,
        service: str,
        path: str,
        params: Mapping[str, str],
        *,
        json: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        # The session first: its answer may bring the directory with it.
        auth = self._signer.current()
        url = self._directory.base_url(service) + path
        try:
            return self._caller.send(Call(method, url, params, json, headers or {}, auth))
        except AuthenticationFailed:
            renewed = self._signer.renew(auth)
            if renewed is None:
                raise
        return self._caller.send(Call(method, url, params, json, headers or {}, renewed))


def _each(parse: Callable[[object], T]) -> Callable[[list[object]], tuple[T, ...]]:
    return lambda items: tuple(parse(item) for item in items)
