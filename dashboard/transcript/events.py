"""Transfers, joins and the close as lines between the messages."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.models import AgentKind, Conversation, Part, Participation, Transfer
from interactions.search import code_word, isolated

from .lines import Event
from .names import agent_name

JOINS = {
    Part.ASSIGNED: "took the conversation",
    Part.JOINED: "joined",
    Part.MANAGER: "joined as manager",
    Part.READER: "reads along",
    Part.SUGGESTED: "was suggested",
    Part.OTHER: "took part",
}
# Who took part so, or was handed the conversation ("": a transfer), need not be said to have taken part so as well.
IMPLIED = {"": (Part.ASSIGNED, Part.JOINED), Part.ASSIGNED: (Part.JOINED, Part.OTHER), Part.JOINED: (Part.OTHER,)}
# LivePerson writes down one step as several, a moment apart.
SAME_MOMENT = timedelta(seconds=5)
REASONS = {
    "back2q": "Back to the queue",
    "agent": "Transfer to an agent",
    "skill": "Transfer",
    "suggestedagenttimeout": "Suggested agent did not answer",
    "takeover": "Take-over",
}


@dataclass(frozen=True, slots=True)
class _Happening:
    """`at` places it, also where its own time is not known; `part` is what a join made of the person."""

    at: datetime
    event: Event
    part: str = ""


def happened(
    conversation: Conversation,
    transfers: Sequence[Transfer],
    participations: Sequence[Participation],
    spoken: Iterable[datetime] = (),
) -> list[Event]:
    """Transfers and joins in time, a transfer before the join that it caused; the close is `closed`.

    `spoken` are the instants of messages: what was said between two events keeps them apart.
    """
    found: list[_Happening] = []
    last = conversation.started_at
    for transfer in transfers:
        last = transfer.at or last  # without a time it stays behind the one before it
        found.append(_Happening(last, _transfer(transfer)))
    for joining in participations:
        if joining.part in JOINS and not _is_quiet(joining, conversation.ended_at):
            found.append(_Happening(joining.joined_at or conversation.started_at, _join(joining), joining.part))
    found.sort(key=lambda each: (each.at, each.part != ""))
    return list(_without_repeats(found, sorted(spoken)))


def _is_quiet(joining: Participation, ended_at: datetime | None) -> bool:
    """The account's own system user, and the bot that comes after the close to ask the survey's questions."""
    if joining.agent.kind == AgentKind.BOT and joining.joined_at and ended_at:
        return joining.joined_at >= ended_at
    return joining.agent.kind == AgentKind.SYSTEM


def _without_repeats(found: Iterable[_Happening], spoken: Sequence[datetime]) -> Iterator[Event]:
    # "Transfer ... to Noor" followed at once by "Noor took the conversation" says one thing twice.
    before: _Happening | None = None
    for each in found:
        if before is None or not (_adds_nothing(before, each) and _is_same_moment(before, each, spoken)):
            yield each.event
            before = each


def _adds_nothing(before: _Happening, after: _Happening) -> bool:
    """Whether the person whom `after` brings is there already, and plays at least this part."""
    is_same = bool(after.part) and after.event.subject == before.event.subject
    return is_same and (after.part == before.part or after.part in IMPLIED.get(before.part, ()))


def _is_same_moment(before: _Happening, after: _Happening, spoken: Sequence[datetime]) -> bool:
    # Where only one of two has a time, nobody knows how long lies between them.
    is_known = (before.event.at is None) == (after.event.at is None)
    is_near = is_known and after.at - before.at <= SAME_MOMENT
    return is_near and bisect_left(spoken, before.at) == bisect_left(spoken, after.at)


def _transfer(transfer: Transfer) -> Event:
    label = REASONS.get(
        transfer.reason.lower(), f"Transfer ({in_words(transfer.reason)})" if transfer.reason else "Transfer"
    )
    source, target = _ends(transfer)
    way = f" {source} → {target}" if source and target else f" to {target}" if target else f" from {source}"
    by = f", by {agent_name(transfer.by)}" if transfer.by_id else ""
    return Event(
        what="takeover" if transfer.reason.lower() == "takeover" else "transfer",
        at=transfer.at,
        text=f"{label}{way if source or target else ''}{by}",
        note=transfer.explanation,
        subject=transfer.target_agent_id,
    )


def _ends(transfer: Transfer) -> tuple[str, str]:
    """From where to where; a skill that stays the same is no news."""
    from_skill, to_skill = transfer.source_skill, transfer.target_skill
    if from_skill is not None and from_skill == to_skill:
        from_skill = to_skill = None
    return _place(from_skill, transfer.source_agent), _place(to_skill, transfer.target_agent)


def _place(skill: object | None, agent: object | None) -> str:
    """Where a conversation was or went: the person if one is named, else the skill, or both."""
    names = [isolated(str(part)) for part in (agent, skill) if part is not None]
    return f"{names[0]} ({names[1]})" if len(names) == 2 else "".join(names)


def _join(joining: Participation) -> Event:
    group = f" ({isolated(str(joining.group))})" if joining.group else ""
    return Event(
        what="join",
        at=joining.joined_at,
        text=f"{agent_name(joining.agent)}{group} {JOINS[Part(joining.part)]}",
        subject=joining.agent_id,
    )


def closed(conversation: Conversation, detail: str) -> Event | None:
    """Who or what closed the conversation; None while it is open."""
    if conversation.is_open or conversation.ended_at is None:
        return None
    who = code_word(conversation.close_reason)
    why = f": {in_words(detail)}" if detail else ""
    return Event(what="close", at=conversation.ended_at, text=f"Closed{f' by {who}' if who else ''}{why}")


def in_words(code: str) -> str:
    """ "MANUAL_CLOSE" as "manual close"; anything that is no constant as it came."""
    return code.replace("_", " ").lower() if code.isupper() else code
