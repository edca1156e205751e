"""Who took part: kinds, participations, and what the record says about people, groups and skills."""

from collections.abc import Iterator

from interactions.ingest.derive.limits import Notes, plain
from interactions.ingest.derive.rows import AgentSeen, ConsumerSeen, ParticipationRow
from interactions.liveperson.records import AgentParticipant, ConversationRecord

HUMAN, BOT, SYSTEM = "human", "bot", "system"
ASSIGNED, JOINED = "assigned", "joined"
ID_LENGTH, NAME_LENGTH = 64, 200
_KINDS = {"0": SYSTEM, "1": HUMAN, "2": BOT}
_PARTS = {
    "ASSIGNED_AGENT": ASSIGNED,
    "ASSIGNED": ASSIGNED,
    "AGENT": JOINED,
    "JOINED": JOINED,
    "MANAGER": "manager",
    "AGENT_MANAGER": "manager",
    "READER": "reader",
    "SUGGESTED_ASSIGNED_AGENT": "suggested",
    "CONTROLLER": "controller",
}
CONTROLLER = "CONTROLLER"


def part_of(entry: AgentParticipant) -> str:
    return _PARTS.get((entry.permission or "").upper(), "other")


def said_kind(entry: AgentParticipant) -> str | None:
    """System, human or bot as the entry says it; None when it is silent."""
    if (entry.role or "").upper() == CONTROLLER or (entry.permission or "").upper() == CONTROLLER:
        return SYSTEM
    return _KINDS.get(entry.user_type or "")


class People:
    """The agents of one record by each id they go by; `kind` counts an unsaid type as human."""

    def __init__(self, record: ConversationRecord, notes: Notes) -> None:
        self.record = record
        self.notes = notes
        self.is_listed = "agentParticipants" in record.delivered
        self.entries = record.agent_participants or record.agent_participants_active + record.agent_participants_leave
        self.seen: dict[str, AgentSeen] = {}
        self._id_by_alias: dict[str, str] = {}
        for entry in record.agent_participants + record.agent_participants_active + record.agent_participants_leave:
            self._meet(entry)
        for found in self._elsewhere():
            self._add(found)
        self.consumer_ids = {c.participant_id for c in record.consumer_participants if c.participant_id is not None}

    def _meet(self, entry: AgentParticipant) -> None:
        said = entry.agent_id or entry.agent_pid
        ident = self.key(said)
        if said is None or ident is None:
            return
        self._id_by_alias[said] = self._id_by_alias[ident] = ident
        if entry.agent_pid is not None:
            self._id_by_alias[entry.agent_pid] = ident
        self._add(
            AgentSeen(
                ident,
                self.key(entry.agent_pid),
                entry.full_name,
                entry.nickname,
                entry.login_name,
                said_kind(entry),
                entry.is_deleted,
            )
        )

    def _elsewhere(self) -> Iterator[AgentSeen]:
        info = self.record.info
        named = [
            (
                info.latest_agent_id,
                info.latest_agent_full_name,
                info.latest_agent_nickname,
                info.latest_agent_login_name,
            )
        ]
        for step in self.record.interactions:
            named.append((step.agent_id, step.agent_full_name, step.agent_nickname, step.agent_login_name))
        for move in self.record.transfers:
            named += [
                (
                    move.source_agent_id,
                    move.source_agent_full_name,
                    move.source_agent_nickname,
                    move.source_agent_login_name,
                ),
                (
                    move.assigned_agent_id,
                    move.assigned_agent_full_name,
                    move.assigned_agent_nickname,
                    move.assigned_agent_login_name,
                ),
                (move.by, None, None, None),
            ]
        for agent_id, full_name, nickname, login_name in named:
            ident = self.agent(agent_id)
            if ident is not None and None in self.seen.get(ident, (None,)):
                yield AgentSeen(ident, None, full_name, nickname, login_name)

    def _add(self, new: AgentSeen) -> None:
        old = self.seen.get(new.agent_id)
        if old is None:
            self.seen[new.agent_id] = new
        elif None in old and old != new:
            merged = (mine if mine is not None else other for mine, other in zip(old, new, strict=True))
            self.seen[new.agent_id] = AgentSeen(*merged)  # type: ignore[arg-type]

    def key(self, ident: str | None) -> str | None:
        return None if ident is None else self.notes.key(ident, ID_LENGTH, "agentId")

    def agent(self, ident: str | None) -> str | None:
        """The agent's id for any id that the record uses for them."""
        if ident is None:
            return None
        return self._id_by_alias.get(ident) or self.key(ident)

    def is_participant(self, ident: str | None) -> bool:
        return ident in self._id_by_alias

    def kind(self, ident: str | None) -> str:
        found = None if ident is None else self.seen.get(self._id_by_alias.get(ident, ident))
        return HUMAN if found is None or found.kind is None else found.kind

    def writer(self, ident: str | None) -> str | None:
        """An agent known perhaps only by having written; becomes one of the agents seen."""
        found = self.agent(ident)
        if found is not None and found not in self.seen:
            self.seen[found] = AgentSeen(found)
        return found


def participations(people: People) -> list[ParticipationRow]:
    """One row per joining, in order of joining; assignments told only by `interactions` are added."""
    rows: list[tuple[int, ParticipationRow]] = []
    assigned: set[str] = set()
    for entry in people.entries:
        ident = people.agent(entry.agent_id or entry.agent_pid)
        if ident is None:
            continue
        part = part_of(entry)
        if part == ASSIGNED:
            assigned.add(ident)
        counted = part in (ASSIGNED, JOINED) and people.kind(ident) == HUMAN
        group = people.notes.key(entry.group_id, ID_LENGTH, "agentGroupId")
        rows.append((entry.at_ms or 0, ParticipationRow(ident, group, part, entry.at_ms, counted)))
    for step in people.record.interactions:
        ident = people.agent(step.agent_id)
        if ident is None or ident in assigned:
            continue
        assigned.add(ident)
        counted = people.kind(ident) == HUMAN
        rows.append((step.at_ms or 0, ParticipationRow(ident, None, ASSIGNED, step.at_ms, counted)))
    rows.sort(key=lambda pair: pair[0])
    return [row for _, row in rows]


def consumer_of(people: People, first_writer: str | None) -> ConsumerSeen | None:
    """The person who wrote in, known by participation or else by having written."""
    fit, key = people.notes.fit, people.notes.key
    for found in people.record.consumer_participants:
        ident = key(found.participant_id, 128, "participantId")
        if ident is not None:
            return ConsumerSeen(
                ident,
                fit(found.first_name, NAME_LENGTH, "firstName"),
                fit(found.last_name, NAME_LENGTH, "lastName"),
                fit(found.name, NAME_LENGTH, "consumerName"),
                fit(found.email, 320, "email"),
                fit(found.phone, 64, "phone"),
            )
    ident = key(first_writer, 128, "participantId")
    return None if ident is None else ConsumerSeen(ident, "", "", "", "", "")


def groups_and_skills(people: People) -> tuple[dict[str, str], dict[str, str]]:
    """Groups and skills by LivePerson's id, with the names they had here ("" when none was given)."""
    record, info = people.record, people.record.info
    groups: dict[str, str] = {}
    skills: dict[str, str] = {}
    for entry in people.entries:
        _named(groups, entry.group_id, entry.group_name)
    _named(groups, info.latest_agent_group_id, info.latest_agent_group_name)
    _named(skills, info.latest_skill_id, info.latest_skill_name)
    for move in record.transfers:
        _named(skills, move.source_skill_id, move.source_skill_name)
        _named(skills, move.target_skill_id, move.target_skill_name)
    return groups, skills


def _named(found: dict[str, str], ident: str | None, name: str | None) -> None:
    if ident is not None and len(ident) <= ID_LENGTH and not found.get(key := plain(ident)):
        found[key] = (name or "")[:NAME_LENGTH]
