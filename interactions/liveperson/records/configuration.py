"""Users, skills and agent groups as the configuration API lists them."""

from dataclasses import dataclass
from typing import Any

from interactions.liveperson.records.coerce import Node, Problem
from interactions.liveperson.records.people import user_type


@dataclass(frozen=True, slots=True)
class User:
    """An agent, manager, bot or system user.

    `full_name` is blank by the API's design: use `nickname`, or the full name found in conversations.
    `user_type` is "0" system, "1" human, "2" bot. `updated_at_ms` assumes UTC, as the API gives no zone.
    """

    user_id: str | None
    pid: str | None
    login_name: str | None
    nickname: str | None
    full_name: str | None
    email: str | None
    description: str | None
    picture_url: str | None
    is_enabled: bool | None
    is_deleted: bool | None
    is_api_user: bool | None
    user_type: str | None
    skill_ids: tuple[str, ...]
    profile_ids: tuple[str, ...]
    lob_ids: tuple[str, ...]
    group_ids: tuple[str, ...]
    managed_group_ids: tuple[str, ...]
    max_chats: int | None
    max_async_chats: int | None
    updated_at_ms: int | None
    raw: Any
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Skill:
    """What conversations are routed by."""

    skill_id: str | None
    name: str | None
    description: str | None
    is_deleted: bool | None
    lob_ids: tuple[str, ...]
    updated_at_ms: int | None
    raw: Any
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class AgentGroup:
    """One group of the tree; the Main Group has the id "-1", only the root has no parent."""

    group_id: str | None
    name: str | None
    description: str | None
    parent_id: str | None
    is_enabled: bool | None
    is_deleted: bool | None
    updated_at_ms: int | None
    raw: Any
    problems: tuple[Problem, ...]


def object_node(value: object) -> Node:
    """A node for any JSON value; what is no object is noted and read as an empty one."""
    problems: list[Problem] = []
    if isinstance(value, dict):
        return Node(value, (), problems)
    problems.append(Problem("", "the record is not an object"))
    return Node({}, (), problems)


def parse_user(value: object) -> User:
    """Read one user; never raises."""
    node = object_node(value)
    return User(
        user_id=node.person("id"),
        pid=node.identity("pid"),
        login_name=node.name("loginName"),
        nickname=node.name("nickname"),
        full_name=node.name("fullName"),
        email=node.text("email"),
        description=node.verbatim("description"),
        picture_url=node.text("pictureUrl"),
        is_enabled=node.flag("isEnabled"),
        is_deleted=node.flag("deleted"),
        is_api_user=node.flag("isApiUser"),
        user_type=user_type(node, "userTypeId", "userTypeName"),
        skill_ids=node.words("skillIds"),
        profile_ids=node.words("profileIds"),
        lob_ids=node.words("lobIds"),
        group_ids=_group_ids(node, "memberOf"),
        managed_group_ids=_group_ids(node, "managerOf"),
        max_chats=node.number("maxChats"),
        max_async_chats=node.number("maxAsyncChats"),
        updated_at_ms=node.stamp("dateUpdated"),
        raw=value,
        problems=tuple(node.problems),
    )


def _group_ids(node: Node, key: str) -> tuple[str, ...]:
    # memberOf is one object and managerOf a list of them; either may come as the other.
    if isinstance(node.data.get(key), dict):
        child = node.child(key)
        groups = [] if child is None else [child.group("agentGroupId", "name")]
    else:
        groups = [row.group("agentGroupId", "name") for row in node.rows(key)]
    return tuple(group for group in groups if group is not None)


def parse_skill(value: object) -> Skill:
    """Read one skill; never raises."""
    node = object_node(value)
    return Skill(
        skill_id=node.identity("id"),
        name=node.name("name"),
        description=node.verbatim("description"),
        is_deleted=node.flag("deleted"),
        lob_ids=node.words("lobIds"),
        updated_at_ms=node.stamp("dateUpdated"),
        raw=value,
        problems=tuple(node.problems),
    )


def parse_agent_group(value: object) -> AgentGroup:
    """Read one agent group; never raises."""
    node = object_node(value)
    return AgentGroup(
        group_id=node.group("id", "name"),
        name=node.name("name"),
        description=node.verbatim("description"),
        parent_id=node.text("parentGroupId"),
        is_enabled=node.flag("isEnabled"),
        is_deleted=node.flag("deleted"),
        updated_at_ms=node.stamp("dateUpdated"),
        raw=value,
        problems=tuple(node.problems),
    )
