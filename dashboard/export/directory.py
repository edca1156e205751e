"""The names that rows refer to, read once per file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from dashboard.marks.rows import names_of
from interactions.models import Agent, AgentGroup, AgentKind, Skill


class Known(NamedTuple):
    liveperson_id: str
    name: str
    is_system: bool


# Sets of people whose names are kept put together.
MOST_TEAMS = 50_000
NOBODY = Known("", "", True)


@dataclass(frozen=True)
class Directory:
    """Agents, groups and skills by primary key; `None` and unknown keys are nobody and nothing."""

    agents: dict[int, Known]
    groups: dict[int, str]
    skills: dict[int, str]
    # Who leaves marks.
    people: dict[int, str]
    # The same few work together again and again.
    _joined: dict[tuple[int, ...], str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Directory:
        """Four queries, whatever the file's size."""
        agents = Agent.objects.values_list("pk", "liveperson_id", "full_name", "nickname", "kind")
        return cls(
            agents={
                pk: Known(ident, full or nick or ident, kind == AgentKind.SYSTEM)
                for pk, ident, full, nick, kind in agents
            },
            groups={group.pk: str(group) for group in AgentGroup.objects.all()},
            skills={skill.pk: str(skill) for skill in Skill.objects.all()},
            people=names_of(),
        )

    def agent(self, pk: int | None) -> Known:
        return self.agents.get(pk, NOBODY) if pk is not None else NOBODY

    def joined(self, pks: Iterable[int]) -> str:
        """Names of people and bots in the order given, each once: "Pine Bot; Noor Haddad"."""
        key = tuple(pks)
        names = self._joined.get(key)
        if names is None:
            if len(self._joined) == MOST_TEAMS:
                self._joined.clear()
            known = [self.agent(pk) for pk in dict.fromkeys(key)]
            names = self._joined[key] = "; ".join([agent.name for agent in known if not agent.is_system])
        return names
