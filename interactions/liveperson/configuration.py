"""Answers of the configuration API: lists that carry a revision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from interactions.liveperson.calls import json_of
from interactions.liveperson.errors import UnexpectedResponse
from interactions.liveperson.transport import Answer

T = TypeVar("T")

USER_FIELDS = (
    "id,pid,deleted,loginName,fullName,nickname,email,isEnabled,skillIds,profileIds,lobIds,memberOf,managerOf,"
    "maxChats,maxAsyncChats,userTypeId,isApiUser,dateUpdated,description,pictureUrl"
)
SKILL_FIELDS = "id,deleted,name,description,lobIds,dateUpdated"
GROUP_FIELDS = "id,deleted,name,description,parentGroupId,isEnabled,dateUpdated"


@dataclass(frozen=True, slots=True)
class Revisioned(Generic[T]):
    """A whole list, and the revision to name next time; None when the API gave none."""

    items: tuple[T, ...]
    revision: str | None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The list is still as it was at this revision."""

    revision: str


def read_list(
    answer: Answer, parse: Callable[[object], tuple[T, ...]], *, path: str, revision: str | None
) -> Revisioned[T] | NotModified:
    """Read a list with its revision; UnexpectedResponse for another shape."""
    if answer.status == 304:
        return NotModified(revision or "")
    return Revisioned(parse(json_of(answer, path)), _revision(answer))


def _revision(answer: Answer) -> str | None:
    found = answer.headers.get("ac-revision") or answer.headers.get("ETag")
    return found.strip().removeprefix("W/").strip('"') if found else None


def each(parse_one: Callable[[object], T], path: str) -> Callable[[object], tuple[T, ...]]:
    """A reader for a bare list, or one inside an object under `items`."""

    def parse(value: object) -> tuple[T, ...]:
        items = value.get("items") if isinstance(value, dict) else value
        if items is None and value is None:
            return ()
        if not isinstance(items, list):
            raise UnexpectedResponse("an answer that is no list", path=path)
        return tuple(parse_one(item) for item in items)

    return parse
