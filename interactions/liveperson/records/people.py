"""Agents and consumers who took part in a conversation."""

from dataclasses import dataclass

from interactions.liveperson.records.coerce import Node
from interactions.liveperson.records.quick import quick

_USER_TYPES = {"system": "0", "human": "1", "bot": "2"}


@dataclass(frozen=True, slots=True)
class AgentParticipant:
    """One joining of an agent: the same agent may come several times.

    `user_type` is "0" system, "1" human, "2" bot, read from either of its two spellings; None when absent.
    `permission` is the part played as delivered; `group_id` is the group at that time.
    """

    agent_id: str | None
    agent_pid: str | None
    login_name: str | None
    nickname: str | None
    full_name: str | None
    is_deleted: bool | None
    user_type: str | None
    user_type_name: str | None
    role: str | None
    permission: str | None
    group_id: str | None
    group_name: str | None
    at_ms: int | None
    dialog_id: str | None


@dataclass(frozen=True, slots=True)
class ConsumerParticipant:
    """The person who wrote in."""

    participant_id: str | None
    first_name: str | None
    last_name: str | None
    name: str | None
    email: str | None
    phone: str | None
    token: str | None
    avatar_url: str | None
    at_ms: int | None
    joined_at_ms: int | None
    dialog_id: str | None


_new_agent_participant = quick(AgentParticipant)
_new_consumer_participant = quick(ConsumerParticipant)


def parse_agent_participant(node: Node) -> AgentParticipant:
    """One item of `agentParticipants`, `agentParticipantsActive` or `agentParticipantsLeave`."""
    return _new_agent_participant(
        agent_id=node.person("agentId"),
        agent_pid=node.identity("agentPid"),
        login_name=node.name("agentLoginName"),
        nickname=node.name("agentNickname"),
        full_name=node.name("agentFullName"),
        is_deleted=node.flag("agentDeleted"),
        user_type=user_type(node, "userType", "userTypeName"),
        user_type_name=node.text("userTypeName"),
        role=node.text("role"),
        permission=node.text("permission"),
        group_id=node.group("agentGroupId", "agentGroupName"),
        group_name=node.name("agentGroupName"),
        at_ms=node.instant("time"),
        dialog_id=node.identity("dialogId"),
    )


def user_type(node: Node, *keys: str) -> str | None:
    """System, human or bot as digit, from digits or words under any of the keys."""
    for key in keys:
        found = node.identity(key)
        if found is not None:
            return _USER_TYPES.get(found.lower(), found)
    return None


def parse_consumer_participant(node: Node) -> ConsumerParticipant:
    """One item of `consumerParticipants`."""
    return _new_consumer_participant(
        participant_id=node.person("participantId"),
        first_name=node.name("firstName"),
        last_name=node.name("lastName"),
        name=node.name("consumerName"),
        email=node.text("email"),
        phone=node.person("phone"),
        token=node.text("token"),
        avatar_url=node.text("avatarURL"),
        at_ms=node.instant("time"),
        joined_at_ms=node.instant("joinTime"),
        dialog_id=node.identity("dialogId"),
    )
