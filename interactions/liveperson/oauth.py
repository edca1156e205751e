"""Signing with an API key by OAuth 1.0; the signature itself is requests-oauthlib's work."""

import logging
from collections.abc import Callable

from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from interactions.liveperson.credentials import OAuth1Key
from interactions.liveperson.servertime import ServerTime

# Their debug lines hold keys, tokens and signed headers.
for _name in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)


class KeySigner:
    """Signs every call; there is no session that could be renewed.

    Signatures carry the time, and LivePerson refuses one that is minutes off: they are signed by its clock.
    """

    def __init__(self, key: OAuth1Key, server_time: ServerTime, clock: Callable[[], float]) -> None:
        self._key, self._server_time, self._clock = key, server_time, clock
        self._ahead = 0.0

    def current(self) -> AuthBase:
        """What signs the next call."""
        self._ahead = self._server_time.ahead
        timestamp = str(int(self._clock() + self._ahead)) if self._ahead else None
        return OAuth1(
            client_key=self._key.app_key,
            client_secret=self._key.app_secret,
            resource_owner_key=self._key.access_token,
            resource_owner_secret=self._key.access_token_secret,
            timestamp=timestamp,
        )

    def renew(self, refused: AuthBase) -> AuthBase | None:
        """A refused key stays refused (None), unless the refusal told that our clock was wrong."""
        return self.current() if self._server_time.ahead != self._ahead else None

    def sign_out(self) -> None:
        """Nothing to end."""
