"""LivePerson's JSON as frozen dataclasses in our words; a strange record comes back with its problems."""

from interactions.liveperson.records.automatic import (
    AutomaticMessage,
    Wording,
    parse_automatic_message,
    parse_automatic_messages,
)
from interactions.liveperson.records.coerce import Problem
from interactions.liveperson.records.configuration import (
    AgentGroup,
    Skill,
    User,
    parse_agent_group,
    parse_skill,
    parse_user,
)
from interactions.liveperson.records.conversation import (
    ConversationRecord,
    StoredRecord,
    marked,
    parse_conversation,
    parse_encoded,
)
from interactions.liveperson.records.events import Dialog, Interaction, Survey, SurveyAnswer, Transfer
from interactions.liveperson.records.info import Info
from interactions.liveperson.records.messages import (
    Context,
    File,
    Link,
    Message,
    Predefined,
    Score,
    SecureForm,
    Status,
)
from interactions.liveperson.records.people import AgentParticipant, ConsumerParticipant, person_id
from interactions.liveperson.records.surroundings import (
    Campaign,
    Monitoring,
    Note,
    ResponseTime,
    Sde,
    Summary,
)

__all__ = [
    "AgentGroup",
    "AgentParticipant",
    "AutomaticMessage",
    "Campaign",
    "ConsumerParticipant",
    "Context",
    "ConversationRecord",
    "Dialog",
    "File",
    "Info",
    "Interaction",
    "Link",
    "Message",
    "Monitoring",
    "Note",
    "Predefined",
    "Problem",
    "ResponseTime",
    "Score",
    "Sde",
    "SecureForm",
    "Skill",
    "Status",
    "StoredRecord",
    "Summary",
    "Survey",
    "SurveyAnswer",
    "Transfer",
    "User",
    "Wording",
    "marked",
    "parse_agent_group",
    "parse_automatic_message",
    "parse_automatic_messages",
    "parse_conversation",
    "parse_encoded",
    "parse_skill",
    "parse_user",
    "person_id",
]
