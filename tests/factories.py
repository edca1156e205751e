"""Rows with defaults: a test names only what it is about."""

import itertools
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils import timezone

from interactions.models import (
    Agent,
    AgentGroup,
    AgentKind,
    Consumer,
    Conversation,
    ConversationDetail,
    Flag,
    Message,
    Note,
    Part,
    Participation,
    Review,
    Scope,
    Skill,
    Tag,
    Tagging,
    message_pk,
    tag_key,
)
from interactions.models.together import as_text

PASSWORD = "a pass phrase for tests"
_numbers = itertools.count(1)


def group(name: str | None = None, parent: AgentGroup | None = None, **fields: Any) -> AgentGroup:
    number = next(_numbers)
    return AgentGroup.objects.create(
        **{"liveperson_id": f"4{number:05}", "name": name or f"Group {number}", "parent": parent, **fields}
    )


def agent(name: str | None = None, group: AgentGroup | None = None, **fields: Any) -> Agent:
    number = next(_numbers)
    full_name = name or f"Agent {number}"
    defaults = {
        "liveperson_id": f"7{number:05}",
        "pid": f"pid-{number}",
        "full_name": full_name,
        "nickname": full_name.split()[0],
        "login_name": f"agent{number}@shop.example",
        "group": group,
    }
    return Agent.objects.create(**{**defaults, **fields})


def bot(name: str = "Pine Bot", **fields: Any) -> Agent:
    return agent(name, **{"kind": AgentKind.BOT, **fields})


def skill(name: str | None = None, **fields: Any) -> Skill:
    number = next(_numbers)
    return Skill.objects.create(**{"liveperson_id": f"2{number:05}", "name": name or f"Skill {number}", **fields})


def consumer(**fields: Any) -> Consumer:
    number = next(_numbers)
    defaults = {"participant_id": f"consumer-{number}", "first_name": "Ilse", "last_name": f"Marchetti {number}"}
    return Consumer.objects.create(**{**defaults, **fields})


def conversation(
    *,
    agents: Sequence[Agent] = (),
    messages: Iterable[tuple[str, str] | dict[str, Any]] = (),
    detail: dict[str, Any] | None = None,
    **fields: Any,
) -> Conversation:
    """A stored conversation with its detail.

    `agents` took part as assigned agents in this order, each in the group of its row. `messages` are
    ("consumer", "text") or dicts of Message's fields; they follow each other by half a minute.
    """
    number = next(_numbers)
    lines = [line if isinstance(line, dict) else {"speaker": line[0], "text": line[1]} for line in messages]
    conversation_id = fields.pop("conversation_id", f"conversation-{number}")
    started_at = fields.pop("started_at", None) or timezone.now().replace(microsecond=0) - timedelta(hours=1)
    defaults = {
        "started_slot": int(started_at.timestamp()) // 900,
        "shuffle_key": zlib.crc32(conversation_id.encode()) - 2**31,
        **_ending(started_at, fields),
        **_people(agents),
        **_counts(lines),
        "most_agent": _busiest(lines, agents),
    }
    made = Conversation.objects.create(conversation_id=conversation_id, started_at=started_at, **{**defaults, **fields})
    ConversationDetail.objects.create(conversation=made, **(detail or {}))
    _take_part(made, agents)
    _say(made, lines)
    return made


def _ending(started_at: datetime, fields: dict[str, Any]) -> dict[str, Any]:
    if fields.get("status") == "open":
        return {"ended_at": None, "duration_seconds": None}
    ended_at = fields.get("ended_at") or started_at + timedelta(minutes=20)
    seconds = int((ended_at - started_at).total_seconds())
    return {"status": "closed", "ended_at": ended_at, "duration_seconds": seconds}


def _people(agents: Sequence[Agent]) -> dict[str, Any]:
    humans = [person for person in agents if person.kind == AgentKind.HUMAN]
    last = agents[-1] if agents else None
    last_human = humans[-1] if humans else None
    return {
        "last_agent": last,
        "last_human_agent": last_human,
        "credited_agent": last_human,
        "group": last.group if last else None,
        "has_human": bool(humans),
        "agent_count": len({person.pk for person in agents}),
        "took_part": as_text(person.pk for person in agents),
    }


def _counts(lines: list[dict[str, Any]]) -> dict[str, int]:
    said = [line["speaker"] for line in lines]
    by_speaker = {f"{who}_message_count": said.count(who) for who in ("consumer", "agent", "bot", "automatic")}
    return {"message_count": len(said), **by_speaker}


def _busiest(lines: list[dict[str, Any]], agents: Sequence[Agent]) -> Agent | None:
    """Who wrote most; of two who wrote as many, the one who wrote last."""
    last_human = _people(agents)["last_human_agent"]
    written = [line.get("agent", last_human) for line in lines if line["speaker"] == "agent"]
    listed = [person for person in written if person is not None]
    busiest = max(reversed(listed), key=listed.count) if listed else None
    return busiest if busiest in agents else None


def _take_part(made: Conversation, agents: Sequence[Agent]) -> None:
    Participation.objects.bulk_create(
        Participation(
            conversation=made,
            position=position,
            agent=person,
            group=person.group,
            part=Part.ASSIGNED,
            joined_at=made.started_at,
            is_counted=person.kind == AgentKind.HUMAN,
        )
        for position, person in enumerate(agents, start=1)
    )


def _say(made: Conversation, lines: list[dict[str, Any]]) -> None:
    Message.objects.bulk_create(
        Message(
            **{
                "id": message_pk(made.pk, position),
                "conversation": made,
                "message_id": f"{made.conversation_id}-m{position}",
                "seq": position,
                "sent_at": made.started_at + timedelta(seconds=30 * position),
                "type": "TEXT_PLAIN",
                "agent": _author(made, line["speaker"]),
                **line,
            }
        )
        for position, line in enumerate(lines, start=1)
    )


def _author(made: Conversation, speaker: str) -> Agent | None:
    if speaker in ("agent", "note"):
        return made.last_human_agent
    return made.last_agent if speaker == "bot" else None


def user(
    role: str = "supervisor", *, groups: Iterable[AgentGroup] = (), username: str | None = None, **scope: Any
) -> User:
    """A person who can sign in with PASSWORD.

    Roles: `supervisor` sees `groups`, `analyst` every group, `admin` is a superuser, `operator` is staff
    with every group, `stranger` has no scope. `scope` are further fields of Scope.
    """
    flags = {"admin": {"is_staff": True, "is_superuser": True}, "operator": {"is_staff": True}}.get(role, {})
    made = get_user_model().objects.create_user(username or f"{role}-{next(_numbers)}", password=PASSWORD, **flags)
    if role in ("supervisor", "analyst", "operator"):
        row = Scope.objects.create(user=made, **{"all_groups": role != "supervisor", **scope})
        row.groups.set(groups)
    elif role not in ("admin", "stranger"):
        raise ValueError(f"no role {role!r}")
    return made


def review(conversation: Conversation, user: User, **fields: Any) -> Review:
    return Review.objects.create(conversation=conversation, user=user, **{"reviewed_at": timezone.now(), **fields})


def flag(conversation: Conversation, user: User | None = None) -> Flag:
    return Flag.objects.create(conversation=conversation, user=user, flagged_at=timezone.now())


def tag(conversation: Conversation, name: str, user: User | None = None) -> Tag:
    made, _ = Tag.objects.get_or_create(key=tag_key(name), defaults={"name": name})
    Tagging.objects.create(conversation=conversation, tag=made, user=user, tagged_at=timezone.now())
    return made


def note(conversation: Conversation, text: str, user: User | None = None, **fields: Any) -> Note:
    defaults = {"written_at": timezone.now(), "nonce": f"nonce-{next(_numbers)}"}
    return Note.objects.create(conversation=conversation, user=user, text=text, **{**defaults, **fields})
