"""How people are called in a transcript."""

from collections import Counter
from collections.abc import Mapping

from interactions.models import Agent, AgentKind
from interactions.search import isolated

NOBODY = "Unknown agent"


def short(name: str) -> str:
    """ "Ilse Marchetti" as "Ilse M."; a name of one word stays."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name


def short_names(names: Mapping[str, bool]) -> Mapping[str, str]:
    """Every name (with whether it is a bot's) and its short form; bots, and names that would read alike, stay whole."""
    shorts = {name: name if whole else short(name) for name, whole in names.items()}
    taken = Counter(shorts.values())
    return {name: form if taken[form] == 1 else name for name, form in shorts.items()}


def agent_name(agent: Agent | None) -> str:
    return isolated(agent.name) if agent is not None else NOBODY


def is_bot(agent: Agent | None) -> bool:
    return agent is not None and agent.kind == AgentKind.BOT
