"""How people are called in a transcript."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import takewhile

from interactions.models import Agent, AgentKind
from interactions.search import isolated

NOBODY = "Unknown agent"


def short(name: str) -> str:
    """ "Ilse Marchetti" as "Ilse M."; a name of one word stays, and one whose last word begins with no letter."""
    words = name.split()
    return f"{words[0]} {_initial(words[-1])}." if len(words) > 1 and words[-1][0].isalpha() else name


def _initial(word: str) -> str:
    """The first letter with the marks that stand on it, some of which are characters of their own."""
    return word[0] + "".join(takewhile(lambda each: unicodedata.category(each).startswith("M"), word[1:]))


def short_names(names: Mapping[str, bool]) -> Mapping[str, str]:
    """Every name (with whether it is a bot's) and its short form; bots, and names that would read alike, stay whole."""
    shorts = {name: name if whole else short(name) for name, whole in names.items()}
    taken = Counter(shorts.values())
    return {name: form if taken[form] == 1 else name for name, form in shorts.items()}


def called(agents: Iterable[Agent | None]) -> Mapping[int, str]:
    """By key the name of each, and behind it LivePerson's id where two have the same name."""
    known = {agent.pk: agent for agent in agents if agent is not None}
    taken = Counter(agent.name for agent in known.values())
    return {
        pk: agent.name if taken[agent.name] == 1 else f"{isolated(agent.name)} ({agent.liveperson_id})"
        for pk, agent in known.items()
    }


def agent_name(agent: Agent | None) -> str:
    return isolated(agent.name) if agent is not None else NOBODY


def is_bot(agent: Agent | None) -> bool:
    return agent is not None and agent.kind == AgentKind.BOT
