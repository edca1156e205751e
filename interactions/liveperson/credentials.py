"""What proves to LivePerson who is calling; none of it shows in `repr`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class OAuth1Key:
    """An API key of four parts, which signs every call; no login is needed."""

    app_key: str
    app_secret: str
    access_token: str
    access_token_secret: str

    def __repr__(self) -> str:
        return "OAuth1Key(***)"


@dataclass(frozen=True, slots=True, repr=False)
class UserLogin:
    """A user's name and password."""

    username: str
    password: str

    def __repr__(self) -> str:
        return "UserLogin(***)"


@dataclass(frozen=True, slots=True, repr=False)
class ApplicationLogin:
    """A user's name and an API key that holds the privilege "User Login"."""

    username: str
    app_key: str
    app_secret: str
    access_token: str
    access_token_secret: str

    def __repr__(self) -> str:
        return "ApplicationLogin(***)"


Credentials = OAuth1Key | UserLogin | ApplicationLogin
