"""Tables, constraints, indexes and querysets with verbs; knows none of its neighbours."""

from .account import Account, is_sandbox_account
from .calls import CallPace, CallSlot
from .claim import Claimable, WorkState
from .conversation import Conversation, ConversationDetail, Status, Survey
from .message import MAX_MESSAGES, Message, Speaker, message_pk, message_range
from .participation import Attribute, Part, Participation, SurveyAnswer, Transfer
from .people import Agent, AgentGroup, AgentKind, Consumer, Skill
from .raw import RawRecord, UnreadableRecord
from .scope import Scope, scope_of
from .sync import RefreshRequest, SyncPage, SyncRun, SyncWindow
from .text import TranscriptText

__all__ = [
    "MAX_MESSAGES",
    "Account",
    "Agent",
    "AgentGroup",
    "AgentKind",
    "Attribute",
    "CallPace",
    "CallSlot",
    "Claimable",
    "Consumer",
    "Conversation",
    "ConversationDetail",
    "Message",
    "Part",
    "Participation",
    "RawRecord",
    "RefreshRequest",
    "Scope",
    "Skill",
    "Speaker",
    "Status",
    "Survey",
    "SurveyAnswer",
    "SyncPage",
    "SyncRun",
    "SyncWindow",
    "TranscriptText",
    "Transfer",
    "UnreadableRecord",
    "WorkState",
    "is_sandbox_account",
    "message_pk",
    "message_range",
    "scope_of",
]
