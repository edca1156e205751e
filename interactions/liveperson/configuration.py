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
    answer: Answer, parse: Callable[[list[object]], tuple[T, ...]], *, path: str, revision: str | None
) -> Revisioned[T] | NotModified:
    """Read a list with its revision; an empty answer is an empty list, UnexpectedResponse tells of another shape."""
    if answer.status == 304:
        return NotModified(revision or "")
    value = json_of(answer, path)
    items = value.get("items") if isinstance(value, dict) else [] if value is None else value
    if not isinstance(items, list):
        raise UnexpectedResponse("an answer that is no list", path=path)
    return Revisioned(parse(items), _revision(answer))


def _revision(answer: Answer) -> str | None:
    found = answer.headers.get("ac-revision") or answer.headers.get("ETag")
    return found.strip().removeprefix("W/").strip('"') if found else None
