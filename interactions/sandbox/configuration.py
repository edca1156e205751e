"""Users, skills, agent groups and automatic messages, as the configuration calls deliver them."""

from __future__ import annotations

from typing import Any

from .cast import AGENTS, DELETED_GROUPS, DELETED_SKILLS, GROUPS, SKILLS, Agent
from .errors import Refusal
from .wording import AUTOMATIC, LOCALES, TIMERS

Json = dict[str, Any]
USER_SUMMARY = ("id", "pid", "deleted", "loginName")
SUMMARY = ("id", "deleted", "name")


def users(query: dict[str, str], require_v: bool) -> list[Json]:
    """All users; without `v` (where that is allowed) and `select`, only a summary of each."""
    if require_v and "v" not in query:
        raise Refusal(400, "the parameter v is missing", 1)
    default = None if "v" in query and "select" not in query else USER_SUMMARY
    return _chosen([_user(each) for each in AGENTS], query, default)


def _user(agent: Agent) -> Json:
    return {
        "id": agent.id, "pid": agent.pid, "deleted": agent.deleted, "loginName": agent.login, "fullName": "",
        "nickname": agent.nickname, "email": agent.login if "@" in agent.login else "", "isEnabled": not agent.deleted,
        "maxChats": 0, "maxAsyncChats": 8 if agent.user_type == "1" else 100, "skillIds": list(agent.skills),
        "profileIds": [880149910], "lobIds": [],
        "memberOf": {"agentGroupId": agent.group, "assignmentDate": "2023-11-02 10:15:00"},
        "managerOf": [{"agentGroupId": each, "assignmentDate": "2023-11-02 10:15:00"} for each in agent.manages],
        "permissionGroups": ["2"], "userTypeId": int(agent.user_type), "isApiUser": agent.user_type == "2",
        "employeeId": "", "dateUpdated": "2024-02-20 07:41:12",
    }  # fmt: skip


def user(identifier: str) -> Json:
    for agent in AGENTS:
        if identifier in (str(agent.id), agent.pid):
            return _user(agent)
    raise Refusal(404, "no such user")


def skills(query: dict[str, str]) -> list[Json]:
    found: list[Json] = [
        {
            "id": number, "deleted": number in DELETED_SKILLS, "name": name, "description": about, "skillOrder": order,
            "maxWaitTime": 120, "slaDefaultResponseTime": 600, "slaUrgentResponseTime": 120, "canTransfer": True,
            "skillTransferList": [], "fallbackSkill": None, "workingHoursId": 1, "lobIds": [],
            "dateUpdated": "2023-11-02 10:14:31",
        }
        for order, (number, (name, about)) in enumerate(SKILLS.items())
    ]  # fmt: skip
    return _chosen(found, query, SUMMARY)


def groups(query: dict[str, str]) -> list[Json]:
    found = [
        {
            "id": number, "deleted": number in DELETED_GROUPS, "name": name, "description": about,
            "parentGroupId": parent, "isEnabled": number not in DELETED_GROUPS, "dateUpdated": "2023-11-02 10:14:31",
        }
        for number, (name, parent, about) in GROUPS.items()
    ]  # fmt: skip
    return _chosen(found, query, SUMMARY)


def _chosen(items: list[Json], query: dict[str, str], default: tuple[str, ...] | None) -> list[Json]:
    if query.get("include_deleted", "false").lower() != "true":
        items = [each for each in items if not each["deleted"]]
    select = query.get("select")
    names = tuple(select.strip("$()").split(",")) if select else default
    if names is None or "$all" in names or "all" in names:
        return items
    wanted = {name.strip() for name in names}
    return [{key: value for key, value in each.items() if key in wanted} for each in items]


def messages(old: bool, account_id: str) -> list[Json]:
    """The list of automatic messages, in the shape of the old or the unified call."""
    return [_message(event, number, old, account_id) for number, event in enumerate(AUTOMATIC, 3101)]


def message(identifier: str, old: bool, account_id: str, query: dict[str, str]) -> Json:
    """One automatic message, by number (old) or event id (unified, perhaps by context)."""
    for number, event in enumerate(AUTOMATIC, 3101):
        if identifier == (str(number) if old else event):
            found = _message(event, number, old, account_id)
            return _by_context(found, account_id) if query.get("view") == "BY_CONTEXT" and not old else found
    raise Refusal(404, "no such automatic message")


def _message(event: str, number: int, old: bool, account_id: str) -> Json:
    data: list[Json] = [{"msg": text, "lang": LOCALES[code]} for code, text in AUTOMATIC[event].items()]
    found: Json = {"messageEventId": event, "deleted": False, "enabled": event != "BACK_TO_QUEUE"}
    if old:
        for each in data:
            each["isDefault"] = False
        found |= {"id": number, "templateId": event}
    found["data"] = data
    if event in TIMERS:
        timer = {"name": "timer", "value": TIMERS[event]} if old else {"timer": TIMERS[event]}
        found["attributes"] = [timer]
    if not old:
        found["contexts"] = {"ACCOUNT": [account_id]}
        if event == "CONSUMER_OPEN_NEW_CONVERSATION":
            found["contexts"]["SKILL"] = ["880151510"]
    return found


def _by_context(found: Json, account_id: str) -> Json:
    contexts = found.pop("contexts")
    views: Json = {"ACCOUNT": {account_id: found}}
    for skill in contexts.get("SKILL", []):
        views.setdefault("SKILL", {})[skill] = {**found, "skillId": int(skill)}
    return views
