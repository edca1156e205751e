"""Who speaks in a message: the classes, and the rule that recognised an automatic one (fact sheet 5.6)."""

from interactions.ingest.derive.automatic import AutomaticTexts
from interactions.ingest.derive.dialogs import Dialogs
from interactions.ingest.derive.people import BOT, SYSTEM, People
from interactions.liveperson.records import Message

CONSUMER, AGENT, BOT_SPEAKER, AUTOMATIC, SURVEY, NOTE = "consumer", "agent", "bot", "automatic", "survey", "note"
PRIVATE = "AGENTS_AND_MANAGERS"
_MAY_BE_AUTOMATIC = frozenset({AGENT, BOT_SPEAKER})
_Named = tuple[str, str | None, int | None]


class Speakers:
    """Names the speaker class, the agent and the rule of each message of one record."""

    def __init__(self, people: People, dialogs: Dialogs, automatic: AutomaticTexts) -> None:
        self.people = people
        self.dialogs = dialogs
        self.automatic = automatic
        # Few people write many messages: what does not depend on the words is found once for each of them.
        self._by_sender: dict[tuple[str | None, ...], _Named] = {}
        self._writers: set[str | None] = set()

    def of(self, message: Message) -> _Named:
        """(speaker, agent's id or None, rule 1 to 4 or None)."""
        sender = (message.sent_by, message.participant_id, message.dialog_id, message.audience)
        found = self._by_sender.get(sender)
        if found is None:
            found = self._by_sender[sender] = self._regardless_of_words(message)
        if found[0] in _MAY_BE_AUTOMATIC:
            if message.text in self.automatic:
                return self._automatic(message, 4)
            if message.participant_id not in self._writers:
                self._writers.add(message.participant_id)
                self.people.writer(message.participant_id)
        return found

    def _regardless_of_words(self, message: Message) -> _Named:
        sender = (message.sent_by or "").lower()
        is_consumer = sender == "consumer" or (not sender and message.participant_id in self.people.consumer_ids)
        if self.dialogs.is_survey(message.dialog_id):
            return SURVEY, None if is_consumer else self.people.writer(message.participant_id), None
        if (message.audience or "").upper() == PRIVATE:
            return NOTE, None if is_consumer else self.people.writer(message.participant_id), None
        rule = self._rule(message, sender, is_consumer)
        if rule is not None:
            return self._automatic(message, rule)
        if is_consumer:
            return CONSUMER, None, None
        agent = self.people.agent(message.participant_id)
        return (BOT_SPEAKER if self.people.kind(agent) == BOT else AGENT), agent, None

    def _automatic(self, message: Message, rule: int) -> _Named:
        known = self.people.is_participant(message.participant_id)
        return AUTOMATIC, self.people.agent(message.participant_id) if known else None, rule

    def _rule(self, message: Message, sender: str, is_consumer: bool) -> int | None:
        participant = message.participant_id
        if self.people.is_participant(participant) and self.people.kind(participant) == SYSTEM:
            return 1
        if is_consumer:
            return None
        if sender not in ("", "agent"):
            return 2
        return 3 if sender and self._is_nobody(participant) else None

    def _is_nobody(self, participant: str | None) -> bool:
        if participant is None:
            return True
        if not self.people.is_listed:
            return False
        return not self.people.is_participant(participant) and participant not in self.people.consumer_ids
