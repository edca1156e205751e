"""Everything that can go wrong with the API, as one tree.

LivePersonError
├── AuthenticationFailed    key or sign-in refused, also after one new sign-in
├── Refused(status)         another refusal: a missing privilege, a bad parameter
│   └── ServiceNotEnabled   the account has no such service
├── RateLimited(wait)       too many calls; come back after `wait` seconds
├── Unavailable             the server failed, the line dropped or the time was up
├── UnexpectedResponse      an answer that is not what this call answers
│   └── TooLarge            an answer beyond the size limit
└── OutboundRefused         an address to which nothing may be sent

Messages name the path, the status and LivePerson's own code, never a key, a token or anybody's words.
What the server wrote about the error is in `detail`, for the operator's eyes.
"""


class LivePersonError(Exception):
    """The root of the tree: one failed call, its path without host and query."""

    def __init__(self, what: str, *, path: str = "", status: int | None = None) -> None:
        super().__init__(f"{what} ({path})" if path else what)
        self.path = path
        self.status = status
        self.code: str | None = None
        self.detail: str = ""


class AuthenticationFailed(LivePersonError):
    """The key, or the login and one new sign-in, were refused."""


class Refused(LivePersonError):
    """A status of the 400s other than 401 and 429: repeating does not help."""


class ServiceNotEnabled(Refused):
    """The directory knows no such service for this account."""


class RateLimited(LivePersonError):
    """Too many calls: `wait` is the number of seconds after which the next one may go."""

    def __init__(self, what: str, *, path: str = "", status: int | None = None, wait: float = 1.0) -> None:
        super().__init__(what, path=path, status=status)
        self.wait = wait


class Unavailable(LivePersonError):
    """No answer, or one of the 500s. `is_passing` is False when trying again cannot help."""

    def __init__(self, what: str, *, path: str = "", status: int | None = None, is_passing: bool = True) -> None:
        super().__init__(what, path=path, status=status)
        self.is_passing = is_passing


class UnexpectedResponse(LivePersonError):
    """An answer with a good status that is not the JSON that this call answers, or a redirect."""


class TooLarge(UnexpectedResponse):
    """An answer beyond the size limit, counted after decompression."""


class OutboundRefused(LivePersonError):
    """The directory, or a setting, names an address to which no call may go."""
