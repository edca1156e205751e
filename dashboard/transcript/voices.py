"""Under which name a message stands: worked out once for each who speaks, as a long transcript has few of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interactions.models import Agent, Consumer, Message, Speaker

from .names import NOBODY, called, is_bot, short_names

# What tells them apart: the class of the contract, and the key of the agent who wrote.
Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Voice:
    """`name` is what its messages print, shortened where it is a person's; `role` is "bot" or nothing."""

    full_name: str
    name: str
    role: str


def voices(messages: Iterable[Message], consumer: Consumer | None) -> Mapping[Key, Voice]:
    """Of the messages of a transcript, each with its agent joined in, those who speak."""
    found: dict[Key, Message] = {}
    for message in messages:
        found.setdefault((message.speaker, message.agent_id), message)
    agents = {key: message.agent for key, message in found.items()}
    known = called(agents.values())
    names = {key: _full_name(key, known, consumer) for key in found}
    shorts = short_names({names[key]: _stays_whole(key, agent, known) for key, agent in agents.items()})
    return {key: Voice(name := names[key], shorts[name], _role(key[0], agents[key])) for key in found}


def _full_name(key: Key, known: Mapping[int, str], consumer: Consumer | None) -> str:
    speaker, agent = key
    if agent is not None and (name := known.get(agent)) is not None:
        return name
    if speaker in (Speaker.CONSUMER, Speaker.SURVEY):
        return consumer.name if consumer else "Visitor"
    return "Automatic message" if speaker == Speaker.AUTOMATIC else NOBODY


def _stays_whole(key: Key, agent: Agent | None, known: Mapping[int, str]) -> bool:
    """Only people have names that are worth shortening; one with an id behind it is as long as it must be."""
    if agent is None:
        return key[0] not in (Speaker.CONSUMER, Speaker.SURVEY)
    return is_bot(agent) or known[agent.pk] != agent.name


def _role(speaker: str, agent: Agent | None) -> str:
    return "bot" if speaker == Speaker.BOT or (speaker == Speaker.SURVEY and is_bot(agent)) else ""
