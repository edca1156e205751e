"""A stand-in LivePerson account, served over HTTP. Imports nothing of the client, so that each checks the other."""

from .access import Credentials
from .account import Account
from .server import RunningSandbox, serve

__all__ = ["Account", "Credentials", "RunningSandbox", "serve"]
