"""Who took part in a conversation as one short text: each agent is the character of their key.

What all rows of a question hold, joined, counts everybody at once; the parts of a million conversations take seconds
to be looked up and told apart.
"""

from collections.abc import Iterable

# Below stand signs that no text should hold, as a database refuses NUL; numbers that are no characters are passed over.
_FIRST = 32
_NONE_FROM, _NONE = 0xD800, 0x800


def as_text(agents: Iterable[int]) -> str | None:
    """Primary keys of agents, each once and in order, None for nobody; ValueError beyond 1,112,031."""
    return "".join([chr(_code(agent)) for agent in sorted(set(agents))]) or None


def agent_of(code: int) -> int:
    """The agent's key for the number of a character."""
    return code - _FIRST - (_NONE if code >= _NONE_FROM else 0)


def _code(agent: int) -> int:
    code = agent + _FIRST
    return code if code < _NONE_FROM else code + _NONE
