"""A client for LivePerson's REST APIs: conversations, people, automatic messages. Knows nothing of Django."""

from interactions.liveperson.client import Client
from interactions.liveperson.codec import decode, encode
from interactions.liveperson.configuration import NotModified, Revisioned
from interactions.liveperson.credentials import ApplicationLogin, Credentials, OAuth1Key, UserLogin
from interactions.liveperson.errors import (
    AuthenticationFailed,
    LivePersonError,
    OutboundRefused,
    RateLimited,
    Refused,
    ServiceNotEnabled,
    TooLarge,
    Unavailable,
    UnexpectedResponse,
)
from interactions.liveperson.filters import DEFAULT_CONTENT, AgentSurveySearch, Between, Filters
from interactions.liveperson.pages import OVERLAP, Page
from interactions.liveperson.records import (
    AgentGroup,
    AutomaticMessage,
    ConversationRecord,
    Problem,
    Skill,
    StoredRecord,
    User,
    parse_agent_group,
    parse_automatic_messages,
    parse_conversation,
    parse_skill,
    parse_user,
)
from interactions.liveperson.retry import Retry
from interactions.liveperson.transport import Answer, HttpTransport, Timeout, Transport

__all__ = [
    "DEFAULT_CONTENT",
    "OVERLAP",
    "AgentGroup",
    "AgentSurveySearch",
    "Answer",
    "ApplicationLogin",
    "AuthenticationFailed",
    "AutomaticMessage",
    "Between",
    "Client",
    "ConversationRecord",
    "Credentials",
    "Filters",
    "HttpTransport",
    "LivePersonError",
    "NotModified",
    "OAuth1Key",
    "OutboundRefused",
    "Page",
    "Problem",
    "RateLimited",
    "Refused",
    "Retry",
    "Revisioned",
    "ServiceNotEnabled",
    "Skill",
    "StoredRecord",
    "Timeout",
    "TooLarge",
    "Transport",
    "Unavailable",
    "UnexpectedResponse",
    "User",
    "UserLogin",
    "decode",
    "encode",
    "parse_agent_group",
    "parse_automatic_messages",
    "parse_conversation",
    "parse_skill",
    "parse_user",
]
