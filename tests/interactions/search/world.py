"""A small world of conversations, and the answer to any question worked out row by row in Python."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from interactions.models import Conversation
from interactions.search.fulltext import COLUMNS
from interactions.search.words import parse
from tests import factories
from tests.matching import Row
from tests.truth import in_order

from .leaving import leave_marks
from .saying import Said, matches, store

FROM = datetime(2026, 10, 20, tzinfo=UTC)  # the clocks of Europe change on the 25th


class World:
    """Conversations of every kind; `rows` are plain dicts with LivePerson's ids in place of keys."""

    def __init__(self, me: Any, size: int = 40, seed: int = 7) -> None:
        self.me, self.colleague = me, factories.user("analyst")
        self.dice = random.Random(seed)
        self.groups = [factories.group(f"Group {n}") for n in range(3)]
        self.agents = [
            factories.agent(name, group=self.dice.choice(self.groups))
            for name in ("Noor Haddad", "abel", "Élise", "Zoë")
        ]
        self.agents.append(factories.agent("", full_name="", nickname="", group=self.groups[0]))
        self.bots = [factories.bot("Pine Bot"), factories.bot("birch bot")]
        self.skills = [factories.skill(name) for name in ("Delivery", "Billing")]
        self.consumers = [factories.consumer() for _ in range(3)]
        self.rows = [self._row() for _ in range(size)]

    def _row(self) -> Row:
        agents = self.dice.sample(self.agents + self.bots, self.dice.choice((0, 1, 1, 2)))
        started_at = FROM + timedelta(minutes=self.dice.randrange(14 * 24 * 4) * 15)
        comment = self.dice.choice(("", "", "Never again"))
        written = self._written(agents)
        made = factories.conversation(
            agents=agents,
            started_at=started_at,
            detail={"comment": comment},
            messages=[{"speaker": "bot" if agent in self.bots else "agent", "agent": agent} for agent in written],
            **self._values(started_at),
        )
        made = Conversation.objects.select_related(
            "last_agent", "last_human_agent", "credited_agent", "group", "skill"
        ).get(pk=made.pk)
        said = {column: [self._words() for _ in range(2)] for column in self.dice.sample(COLUMNS, 2)}
        store(made, said)
        return {
            "holds": partial(_holds, said),
            **leave_marks(self, made),
            **{field.name: getattr(made, field.name) for field in Conversation._meta.concrete_fields},
            **{name: _id(getattr(made, name)) for name in ("last_agent", "credited_agent", "group", "skill")},
            "consumer": made.consumer_id,
            "any_agent": {agent.liveperson_id for agent in agents},
            "all_agents": {agent.liveperson_id for agent in agents if agent not in self.bots},
            "most_agent": _most([agent.liveperson_id for agent in written if agent not in self.bots]),
            "handled_by": _handled(
                has_human=not set(self.bots).issuperset(agents), has_bot=not set(self.agents).issuperset(written)
            ),
            "comment": bool(comment),
            "agent_name": _name(made.last_human_agent or made.last_agent),
        }

    def _written(self, agents: Sequence[Any]) -> list[Any]:
        """Who wrote the messages, in order."""
        return [self.dice.choice(agents) for _ in range(self.dice.randrange(6))] if agents else []

    def _words(self) -> str:
        return " ".join(self.dice.choices(("refund", "late", "third", "time"), k=2))

    def _values(self, started_at: datetime) -> Row:
        pick = self.dice.choice
        mcs = pick((None, 0, 38, 51, 100))
        is_open = self.dice.random() < 0.2
        return {
            "status": "open" if is_open else "closed",
            "ended_at": None if is_open else started_at + timedelta(hours=self.dice.randrange(40)),
            "csat": pick((None, None, 1, 2, 5)),
            "mcs": mcs,
            "mcs_band": pick((None, -1, 0, 1)),
            "mcs_fall": pick((None, 0, 12, 40)),
            "nps": pick((None, 0, 7, 10)),
            "fcr": pick((None, True, False)),
            "survey": pick(("not_offered", "offered", "abandoned", "answered")),
            "skill": pick((None, *self.skills)),
            "consumer": pick((None, *self.consumers)),
            "channel": pick(("", "shark", "sms", "line")),
            "device": pick(("", "mobile")),
            "language": pick(("", "de-de")),
            "close_reason": pick(("", "agent", "consumer")),
            "queue": pick(("", "in_queue")),
            "first_contact": pick((None, True, False)),
            "message_count": self.dice.randrange(4),
            "transfer_count": self.dice.randrange(3),
            "first_response_seconds": pick((None, 0, 30, 600)),
        }


def _holds(said: Said, words: str, columns: Sequence[str]) -> bool:
    return matches(parse(words), said, columns)


def _id(row: Any) -> str | None:
    return row.liveperson_id if row else None


def _most(writers: Sequence[str]) -> str | None:
    """Who wrote most; of two who wrote as many, the one who wrote last."""
    return max(reversed(writers), key=writers.count) if writers else None


def _handled(*, has_human: bool, has_bot: bool) -> str | None:
    return {(True, True): "both", (True, False): "human", (False, True): "bot"}.get((has_human, has_bot))


def _name(agent: Any) -> tuple[str, str] | None:
    return in_order(agent.name) if agent else None
