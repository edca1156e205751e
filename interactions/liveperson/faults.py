"""From a status and an error body, in any of LivePerson's shapes, to an error of ours."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from interactions.liveperson.codec import decode
from interactions.liveperson.errors import (
    AuthenticationFailed,
    LivePersonError,
    RateLimited,
    Refused,
    Unavailable,
    UnexpectedResponse,
)
from interactions.liveperson.transport import Answer

SHORTEST_WAIT = 1.0
LONGEST_WAIT = 3600.0
_KEPT = 500


def fault(answer: Answer, path: str, clock: Callable[[], float]) -> LivePersonError | None:
    """The error that an answer stands for; None for success (any 2xx) and "not modified" (304)."""
    status = answer.status
    if 200 <= status < 300 or status == 304:
        return None
    code, detail = read_error_body(answer.body)
    what = f"LivePerson answered {status}" + (f", code {code}" if code else "")
    error = _error(what, path, answer, clock)
    error.code = code
    error.detail = detail
    return error


def _error(what: str, path: str, answer: Answer, clock: Callable[[], float]) -> LivePersonError:
    status = answer.status
    if status == 401:
        return AuthenticationFailed(what, path=path, status=status)
    if status == 429:
        wait = retry_after(answer.headers.get("Retry-After"), lambda: _sent_at(answer) or clock())
        return RateLimited(what, path=path, status=status, wait=wait)
    if 400 <= status < 500:
        return Refused(what, path=path, status=status)
    if status >= 500:
        return Unavailable(what, path=path, status=status)
    return UnexpectedResponse(f"{what}, which is not followed", path=path, status=status)


def retry_after(value: str | None, clock: Callable[[], float]) -> float:
    """Seconds to wait by a Retry-After header (seconds or a date), kept between a second and an hour."""
    wait = _seconds(value.strip(), clock) if value else None
    if wait is None or math.isnan(wait):
        return SHORTEST_WAIT
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _sent_at(answer: Answer) -> float | None:
    """When LivePerson answered by its own clock, which a date of its is measured by."""
    moment = _moment(answer.headers.get("Date") or "")
    return None if moment is None else moment.timestamp()


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _seconds(value: str, clock: Callable[[], float]) -> float | None:
    try:
        return float(value)
    except ValueError:
        pass
    moment = _moment(value)
    return None if moment is None else moment.timestamp() - clock()


def read_error_body(body: bytes) -> tuple[str | None, str]:
    """LivePerson's code, and what it says about the error, at most 500 characters.

    The shapes: {error: {message, internalCode}}, the same flat, {body: {title, details, errorCode}}, text.
    """
    try:
        value = decode(body)
    except ValueError:
        value = None
    for part in (value.get("error"), value.get("body"), value) if isinstance(value, dict) else ():
        if isinstance(part, dict) and (_code(part) or _detail(part)):
            return _code(part), _detail(part)
    return None, body[: _KEPT * 4].decode("utf-8", errors="replace").strip()[:_KEPT]


def _code(part: dict[str, Any]) -> str | None:
    for key in ("internalCode", "errorCode", "code"):
        value = part.get(key)
        # Only short words and numbers: the code is shown in messages, and servers echo strange things.
        if isinstance(value, (int, str)) and 0 < len(str(value)) <= 10 and str(value).isalnum():
            return str(value)
    return None


def _detail(part: dict[str, Any]) -> str:
    said = (part.get(key) for key in ("title", "message", "details", "responseStatus"))
    return "; ".join(text for text in said if isinstance(text, str))[:_KEPT]
