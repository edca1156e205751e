"""Tables, constraints, indexes and querysets with verbs; knows none of its neighbours."""

from .account import Account, is_sandbox_account
from .audit import AppendOnly, AuditLine, Prefetch
from .calls import CallPace, CallSlot
from .claim import Claimable, WorkState
from .columnar import ColumnarCopy, ColumnarPiece, ConversationChange
from .conversation import Conversation, ConversationDetail, Status, Survey
from .marks import (
    LONGEST_NOTE,
    LONGEST_TAG,
    LONGEST_TAG_KEY,
    DeletedNote,
    Flag,
    Note,
    Review,
    Tag,
    Tagging,
    TakenOff,
    person_name,
)
from .message import MAX_MESSAGES, Message, Speaker, message_anchor, message_pk, message_range, namesakes, told_apart
from .participation import Attribute, Part, Participation, SurveyAnswer, Transfer
from .people import Agent, AgentGroup, AgentKind, Consumer, Skill
from .raw import RawRecord, UnreadableRecord
from .scope import Scope, Sight, scope_of, sight_of
from .sync import RefreshRequest, SyncPage, SyncRun, SyncWindow
from .tagname import NO_TAG, is_tag_seen, tag_key, tag_name
from .text import TranscriptText
from .tombstone import Tombstone

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_TAG",
    "LONGEST_TAG_KEY",
    "MAX_MESSAGES",
    "NO_TAG",
    "Account",
    "Agent",
    "AgentGroup",
    "AgentKind",
    "AppendOnly",
    "Attribute",
    "AuditLine",
    "CallPace",
    "CallSlot",
    "Claimable",
    "ColumnarCopy",
    "ColumnarPiece",
    "Consumer",
    "Conversation",
    "ConversationChange",
    "ConversationDetail",
    "DeletedNote",
    "Flag",
    "Message",
    "Note",
    "Part",
    "Participation",
    "Prefetch",
    "RawRecord",
    "RefreshRequest",
    "Review",
    "Scope",
    "Sight",
    "Skill",
    "Speaker",
    "Status",
    "Survey",
    "SurveyAnswer",
    "SyncPage",
    "SyncRun",
    "SyncWindow",
    "Tag",
    "Tagging",
    "TakenOff",
    "Tombstone",
    "TranscriptText",
    "Transfer",
    "UnreadableRecord",
    "WorkState",
    "is_sandbox_account",
    "is_tag_seen",
    "message_anchor",
    "message_pk",
    "message_range",
    "namesakes",
    "person_name",
    "scope_of",
    "sight_of",
    "tag_key",
    "tag_name",
    "told_apart",
]
