"""Agents and consumers who took part in a conversation."""

from dataclasses import dataclass

from interactions.liveperson.records.coerce import Node
from interactions.liveperson.records.reader import reader

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


def user_type(node: Node, *keys: str) -> str | None:
    """System, human or bot as digit, from digits or words under any of the keys."""
    for key in keys:
        found = node.identity(key)
        if found is not None:
            return _USER_TYPES.get(found.lower(), found)
    return None


def _user_type(node: Node) -> str | None:
    return user_type(node, "userType", "userTypeName")


# One item of `agentParticipants`, `agentParticipantsActive` or `agentParticipantsLeave`.
read_agent_participant = reader(
    AgentParticipant,
    agent_id=("person", "agentId"),
    agent_pid=("identity", "agentPid"),
    login_name=("name", "agentLoginName"),
    nickname=("name", "agentNickname"),
    full_name=("name", "agentFullName"),
    is_deleted=("flag", "agentDeleted"),
    user_type=("usual", 'get("userType") if get("userType") in ("0", "1", "2")', _user_type),
    user_type_name=("text", "userTypeName"),
    role=("text", "role"),
    permission=("text", "permission"),
    group_id=("group", "agentGroupId", "agentGroupName"),
    group_name=("name", "agentGroupName"),
    at_ms=("instant", "time"),
    dialog_id=("identity", "dialogId"),
)


# One item of `consumerParticipants`.
read_consumer_participant = reader(
    ConsumerParticipant,
    participant_id=("person", "participantId"),
    first_name=("name", "firstName"),
    last_name=("name", "lastName"),
    name=("name", "consumerName"),
    email=("text", "email"),
    phone=("person", "phone"),
    token=("text", "token"),
    avatar_url=("text", "avatarURL"),
    at_ms=("instant", "time"),
    joined_at_ms=("instant", "joinTime"),
    dialog_id=("identity", "dialogId"),
)


def person_id(value: object) -> str | None:
    """What a `participantId` of this value is read as; None for what stands for nobody."""
    return Node({"participantId": value}, (), []).person("participantId")
