"""How the account says no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import orjson


@dataclass
class Refusal(Exception):
    """An HTTP status with the error shape of the Login Service: {error: {time, message, internalCode, ...}}."""

    status: int
    message: str
    code: int = 0

    def body(self) -> bytes:
        names = {400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND"}
        error = {
            "time": datetime.now(UTC).strftime("%a %b %d %H:%M:%S UTC %Y"),
            "message": self.message,
            "internalCode": self.code,
            "responseStatus": names.get(self.status, "INTERNAL_SERVER_ERROR"),
        }
        return orjson.dumps({"error": error})


def bad(message: str) -> Refusal:
    return Refusal(400, message, 1)
