"""The account behind its calls, free of sockets: which path is which call."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote

import orjson

from . import configuration, history
from .access import Access
from .account import Account
from .calls import Answer, Call, Json, Ledger
from .cast import GROUPS
from .errors import Refusal
from .faults import Faults, Status, Switches
from .versions import Versions

SERVICES = (
    "agentVep", "msgHist", "engHistDomain", "leDataReporting", "accountConfigReadOnly", "accountConfigReadWrite",
    "asyncMessagingEnt", "sentinel", "idp",
)  # fmt: skip
REVISION = "12"


class Sandbox:
    """The account behind its calls, free of sockets."""

    def __init__(self, account: Account, access: Access, place: str, require_source: bool, versions: Versions) -> None:
        self.account, self.access, self.place = account, access, place
        self.require_source = require_source
        self.ledger, self.versions = Ledger(), versions
        self.switches, self.faults = Switches(), Faults(account.time)
        account_path = f"/api/account/{re.escape(account.id)}"
        settings = f"{account_path}/configuration"
        talks = f"/messaging_history{account_path}/conversations"
        windows = f"{settings}/engagement-window"
        directory = f"/(?:api|csdr)/account/{re.escape(account.id)}/service"
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Answer], bool]] = [
            ("GET", re.compile(f"{directory}/baseURI.json"), self._services, False),
            ("GET", re.compile(f"{directory}/([^/]+)/baseURI.json"), self._service, False),
            ("POST", re.compile(f"{account_path}/login"), self._login, False),
            ("POST", re.compile(f"{account_path}/refresh"), self._refresh, False),
            ("POST", re.compile(f"{account_path}/logout"), self._logout, False),
            ("POST", re.compile(f"{talks}/search"), self._search, True),
            ("POST", re.compile(f"{talks}/conversation/search"), self._by_id, True),
            ("POST", re.compile(f"{talks}/consumer/search"), self._by_consumer, True),
            ("GET", re.compile(f"{settings}/le-users/users"), self._users, True),
            ("GET", re.compile(f"{settings}/le-users/users/([^/]+)"), self._user, True),
            ("GET", re.compile(f"{settings}/le-users/skills"), self._skills, True),
            ("GET", re.compile(f"{settings}/le-users/agentGroups"), self._groups, True),
            ("GET", re.compile(f"{windows}/(unified-)?auto-messages"), self._messages, True),
            ("GET", re.compile(f"{windows}/(unified-)?auto-messages/([^/]+)"), self._message, True),
        ]

    def force(self, status: int, times: int = 1, *, ending: str = "", headers: dict[str, str] | None = None) -> None:
        """Answers the next `times` calls, whose path has this ending, with a status instead."""
        self.faults.script(Status(status=status, times=times, ending=ending, headers=headers or {}))

    def answer(self, call: Call) -> Answer:
        """The answer to one call; never raises."""
        self.ledger.note(call)
        call.faults = self.faults.taking(call)
        answer = self._instead(call) or self._by_account(call)
        for fault in call.faults:
            fault.spoil(answer)
        return answer

    def _instead(self, call: Call) -> Answer | None:
        for fault in call.faults:
            fault.before(self)
        made = (fault.instead(call, self) for fault in call.faults)
        return next((Answer(status, body, headers) for status, body, headers in filter(None, made)), None)

    def _by_account(self, call: Call) -> Answer:
        try:
            return self._routed(call)
        except Refusal as refusal:
            return Answer(refusal.status, refusal.body())

    def _routed(self, call: Call) -> Answer:
        for method, pattern, handler, guarded in self._routes:
            found = pattern.fullmatch(call.path)
            if found:
                if method != call.method:
                    raise Refusal(405, "method not allowed")
                if guarded:
                    self.access.check(call.method, call.target, call.headers.get("Authorization", ""))
                return handler(call, *(unquote(each or "") for each in found.groups()))
        if re.match(r"/(api|csdr)/account/[^/]+/service/", call.path):
            raise Refusal(401, "no such account", 10)
        raise Refusal(404, "no such resource")

    def _directory(self) -> list[Json]:
        return [{"service": name, "account": self.account.id, "baseURI": self.place} for name in SERVICES]

    def _services(self, call: Call) -> Answer:
        return _json({"baseURIs": self._directory()})

    def _service(self, call: Call, name: str) -> Answer:
        for each in self._directory():
            if each["service"] == name:
                return _json(each)
        raise Refusal(404, "no such service")

    def _login(self, call: Call) -> Answer:
        session = self.access.login(call.json())
        groups = [{"id": number, "deleted": False, "name": name} for number, (name, _, _) in GROUPS.items()]
        body = {
            "csrf": session.csrf,
            "wsuk": "730018845520117",
            "config": {
                "loginName": self.access.credentials.username,
                "userId": "2210071902",
                "userPrivileges": [1701, 1712],
                "serverCurrentTime": self.account.now(),
                "timeDiff": 0,
                "serverTimeZoneName": "Europe/Paris",
                "isLPA": False,
                "isAdmin": False,
                "accountTimeZoneId": "Europe/Paris",
            },
            "csdsCollectionResponse": {"baseURIs": self._directory()},
            "accountData": {"agentGroupsData": {"items": groups, "revision": int(REVISION)}},
            "sessionTTl": str(int(self.access.ttl * 1000)),
            "bearer": session.bearer,
        }
        return _json(body, {"Set-Cookie": f"Session_id={session.cookie}; Path=/; HttpOnly"})

    def _cookie(self, call: Call) -> str | None:
        found = SimpleCookie(call.headers.get("Cookie", "")).get("Session_id")
        return found.value if found else None

    def _refresh(self, call: Call) -> Answer:
        self.access.refresh(call.json().get("csrf"), self._cookie(call))
        return Answer(200)

    def _logout(self, call: Call) -> Answer:
        self.access.logout(call.json().get("csrf"), self._cookie(call))
        return Answer(200)

    def _paging(self, call: Call) -> tuple[history.Paging, str]:
        return history.paging(call.query, self.require_source), f"https://{self.place}{call.path}"

    def _search(self, call: Call) -> Answer:
        page, link = self._paging(call)
        return self._listed(call, history.search(self.account, call.json(), page, link, call.changed))

    def _by_id(self, call: Call) -> Answer:
        page, link = self._paging(call)
        return self._listed(call, history.by_id(self.account, call.json(), page, link))

    def _by_consumer(self, call: Call) -> Answer:
        page, link = self._paging(call)
        return self._listed(call, history.by_consumer(self.account, call.json(), page, link, call.changed))

    def _listed(self, call: Call, listing: history.Listing) -> Answer:
        """The records as an answer; they count as shown when it is sent whole, unless without what was said."""
        self.switches.listed(listing, call)
        for fault in call.faults:
            fault.listed(listing, call)
        for fault in call.faults:
            fault.after(listing, call, self)
        is_head = "messageRecords" not in history.content(call.json())
        shown = [] if is_head else list(zip(listing.ids, listing.records, strict=True))
        return Answer(200, listing.body(), going=lambda: self.versions.note(shown, listing.number, listing.at))

    def _users(self, call: Call) -> Answer:
        return _revised(call, configuration.users(call.query, self.require_source))

    def _user(self, call: Call, identifier: str) -> Answer:
        return _revised(call, configuration.user(identifier))

    def _skills(self, call: Call) -> Answer:
        return _revised(call, configuration.skills(call.query))

    def _groups(self, call: Call) -> Answer:
        return _revised(call, configuration.groups(call.query))

    def _messages(self, call: Call, unified: str) -> Answer:
        return _revised(call, configuration.messages(not unified, self.account.id))

    def _message(self, call: Call, unified: str, identifier: str) -> Answer:
        return _revised(call, configuration.message(identifier, not unified, self.account.id, call.query))


def _json(value: Any, headers: dict[str, str] | None = None) -> Answer:
    return Answer(200, orjson.dumps(value), headers or {})


def _revised(call: Call, value: Any) -> Answer:
    if call.headers.get("If-Match", "").strip('"') == REVISION:
        return Answer(304, headers={"ac-revision": REVISION})
    return _json(value, {"ac-revision": REVISION})
