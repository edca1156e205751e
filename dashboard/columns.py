"""The columns that a list can have: which there are, which are usual, and what a choice of them means."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from dashboard import cells
from dashboard.models import ColumnChoice
from interactions.models.prepared import Blank, Prepared

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """`sort` is the order that its heading asks for; `width` about how many pixels it needs, with its air."""

    key: str
    heading: str
    cell: Callable[..., str]
    width: int
    sort: str = ""
    is_number: bool = False


# The usual ones first, in their order; then those that a person may add.
COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("mark", "Mark", cells.mark, 30),
        Column("started_at", "Started", cells.started_at, 92, "started_at"),
        Column("consumer", "Consumer", cells.consumer, 100),
        Column("agent", "Agent", cells.agent, 115, "agent"),
        Column("skill", "Skill", cells.skill, 85),
        Column("csat", "CSAT", cells.csat, 55, "csat"),
        Column("mcs", "MCS", cells.mcs_score, 70, "mcs", True),
        Column("mcs_path", "MCS path", cells.path, 155, "mcs_fall"),
        Column("first_response", "First reply", cells.first_response, 95, "first_response", True),
        Column("duration", "Duration", cells.duration, 85, "duration", True),
        Column("messages", "Msgs", cells.messages, 55, "messages", True),
        Column("close_reason", "Closed by", cells.close_reason, 85),
        Column("ended_at", "Ended", cells.ended_at, 95, "ended_at"),
        Column("group", "Group", cells.group, 110),
        Column("channel", "Channel", cells.channel, 145),
        Column("device", "Device", cells.device, 85),
        Column("survey", "Survey", cells.survey, 160),
        Column("nps", "NPS", cells.nps, 50, is_number=True),
        Column("fcr", "Solved", cells.fcr, 65),
        Column("transfers", "Transfers", cells.transfers, 75, is_number=True),
        Column("longest_response", "Longest reply", cells.longest_response, 105, is_number=True),
        Column("bot_share", "Bot share", cells.bot_share, 80, is_number=True),
        Column("mcs_fall", "Largest fall", cells.mcs_fall, 95, "mcs_fall", True),
        Column("credited", "Credited agent", cells.credited, 130),
        Column("tags", "Tags", cells.tags, 130),
        Column("notes", "Notes", cells.notes, 60, is_number=True),
        Column("flag", "Flagged by", cells.flag, 120),
        Column("reviewed_by", "Reviewed by", cells.reviewed_by, 130),
        Column("reviewed_at", "Last review", cells.reviewed_at, 95),
        Column("conversation", "Conversation id", cells.conversation, 165),
    )
}
USUAL: Keys = tuple(COLUMNS)[:12]
# It holds the row's link and heads the row: every choice holds it.
ALWAYS = "started_at"
# What a row of two lines shows, under 900 px, whatever was chosen for the table.
TWO_LINES: Keys = ("mark", "csat", "consumer", "started_at", "agent", "mcs")


def known(keys: object) -> Keys:
    """A choice as it can be shown: what there is no column for (any more) is left out, the row's link put in.

    Nothing is left of what somebody wrote by hand in the admin, or of an empty choice: then the usual ones.
    """
    given = keys if isinstance(keys, list | tuple) else ()
    found = tuple(dict.fromkeys(key for key in given if isinstance(key, str) and key in COLUMNS))
    if not found:
        return USUAL
    return found if ALWAYS in found else (ALWAYS, *found)


_CHOICE = Prepared(lambda: ColumnChoice.objects.filter(user=Blank("user")))


def of_person(user: AbstractBaseUser | AnonymousUser) -> Keys:
    choice = _CHOICE.first(user=user.pk) if user.is_authenticated else None
    return known(choice.columns) if choice else USUAL


def written(keys: Iterable[str]) -> str:
    """As the address holds them; a dot needs no escape there."""
    return ".".join(keys)


def read(text: str) -> Keys:
    return known(text.split("."))


def unknown(text: str) -> list[str]:
    return [key for key in text.split(".") if key not in COLUMNS]


def moved(keys: Sequence[str], key: str, step: int) -> Keys:
    """`key` one place up (-1) or down (1), as far as there is one."""
    order = list(keys)
    if key in order:
        here = order.index(key)
        order.insert(min(max(here + step, 0), len(order) - 1), order.pop(here))
    return tuple(order)


# How wide the box of a table has to be, as the style sheet tells it apart (static/css/list.css).
_STEPS = (868, 968, 1068, 1168, 1300, 1500, 1800, 2600, 3000)
# The first to go where room is short: its ends and its fall are in the order and the reader.
_FIRST_TO_GO = "mcs_path"


@dataclass(frozen=True)
class Room:
    """In pixels: what the columns need, and what would do without the path; a narrower box scrolls by itself."""

    needs: int
    least: int

    @property
    def may_scroll(self) -> bool:
        return self.least > _STEPS[0]


def room_of(keys: Keys) -> Room:
    needs = sum(COLUMNS[key].width for key in keys)
    least = needs - (COLUMNS[_FIRST_TO_GO].width if _FIRST_TO_GO in keys else 0)
    return Room(_step(needs), _step(least))


def _step(width: int) -> int:
    return next((step for step in _STEPS if width <= step), _STEPS[-1])
