"""Signing with an API key by OAuth 1.0; the signature itself is requests-oauthlib's work."""

import logging

from requests.auth import AuthBase
from requests_oauthlib import OAuth1

from interactions.liveperson.credentials import OAuth1Key

# Their debug lines hold keys, tokens and signed headers.
for _name in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)


class KeySigner:
    """Signs every call; there is no session that could be renewed."""

    def __init__(self, key: OAuth1Key) -> None:
        self._auth = OAuth1(
            client_key=key.app_key,
            client_secret=key.app_secret,
            resource_owner_key=key.access_token,
            resource_owner_secret=key.access_token_secret,
        )

    def current(self) -> AuthBase:
        """What signs the next call."""
        return self._auth

    def renew(self, refused: AuthBase) -> AuthBase | None:
        """None: a refused key stays refused."""
        return None

    def sign_out(self) -> None:
        """Nothing to end."""
