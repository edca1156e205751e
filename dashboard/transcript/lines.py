"""What a transcript is made of: one small dataclass per kind of line, named by `kind` for the template."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.utils.safestring import SafeString

from dashboard import formats
from interactions.search import Piece

from .cards import Card


@dataclass(slots=True)
class Turn:
    """One message. `speaker` is the class of the contract; only the first of a run prints the name."""

    kind: ClassVar[str] = "turn"
    speaker: str
    anchor: str
    message_id: str
    at: datetime | None
    clock: str = formats.NOTHING
    name: str = ""
    is_first: bool = True
    role: str = ""
    # Its words as they were stored, of the stored type; shown as `text` or `html`, where no card says them.
    type: str = ""
    source: str = ""
    text: str = ""
    html: SafeString | None = None
    cards: tuple[Card, ...] = ()
    marks: tuple[str, ...] = ()
    mcs: int | None = None
    raw_score: int | None = None
    change: str = ""
    # The running MCS fell by 10 or more with it.
    is_fall: bool = False
    # What a bot or LivePerson's model took it to be about, and when the other side had and read it, in words.
    intents: tuple[str, ...] = ()
    delivery: str = ""
    # What was searched for stands in it; `pieces` are its text with the words marked.
    is_match: bool = False
    pieces: tuple[Piece, ...] = ()
    # What reviewers wrote about it, and where one writes more.
    notes: tuple["NoteLine", ...] = ()
    note_url: str = ""

    @property
    def iso(self) -> str:
        return self.at.isoformat() if self.at else ""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A reviewer's note; `edit_url` only for who wrote it. One that is left has lost its message."""

    pk: int
    text: str
    name: str
    at: datetime
    is_changed: bool = False
    is_left: bool = False
    edit_url: str = ""


@dataclass(slots=True)
class AutomaticRun:
    """Automatic messages that follow each other, folded away, with the rules that recognised them."""

    kind: ClassVar[str] = "automatic"
    turns: list[Turn] = field(default_factory=list)
    rules: list[int | None] = field(default_factory=list)

    @property
    def label(self) -> str:
        return formats.plural(len(self.turns), "automatic message")

    @property
    def reason(self) -> str:
        """Why they count as automatic, in words."""
        known = dict.fromkeys(RULES[rule] for rule in self.rules if rule in RULES)
        return "; ".join(known) or "marked so when it was read"


# The rules of the fact sheet, section 5.6.
RULES: dict[int | None, str] = {
    1: "sent by the system user",
    2: "sent by neither an agent nor the consumer",
    3: "sent by nobody who took part",
    4: "the text is one of this account's automatic messages",
}


@dataclass(slots=True)
class Event:
    """Something that happened; `what` is transfer, takeover, join or close, `subject` the agent it brought."""

    kind: ClassVar[str] = "event"
    what: str
    at: datetime | None
    text: str
    note: str = ""
    subject: int | None = None

    @property
    def clock(self) -> str:
        return formats.clock(self.at) if self.at else ""

    @property
    def iso(self) -> str:
        return self.at.isoformat() if self.at else ""


@dataclass(slots=True)
class Wait:
    """A pause worth seeing, in words."""

    kind: ClassVar[str] = "wait"
    text: str


@dataclass(slots=True)
class Rule:
    """A dividing line with a title: a new day, the survey."""

    kind: ClassVar[str] = "rule"
    text: str


Line = Turn | AutomaticRun | Event | Wait | Rule
