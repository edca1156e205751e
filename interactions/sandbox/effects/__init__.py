"""Effects planted in the sandbox's conversations, each with its switch, so that analyses can be checked."""

from .switches import Effects

__all__ = ["Effects"]
