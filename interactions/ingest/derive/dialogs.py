"""The dialogs of one conversation, numbered in order of start, and which of them are surveys."""

from interactions.liveperson.records import ConversationRecord

LATER_THAN_ALL = 2**63
POST_SURVEY = "POST_SURVEY"


class Dialogs:
    """Numbers from 0 in order of start. A message without dialog belongs to the main one."""

    def __init__(self, record: ConversationRecord) -> None:
        self.main = record.info.conversation_id
        starts: dict[str | None, int] = {}
        surveys: dict[str | None, int] = {}
        listed: set[str | None] = set()
        for dialog in record.dialogs:
            start = LATER_THAN_ALL if dialog.started_at_ms is None else dialog.started_at_ms
            key = dialog.dialog_id or self.main
            listed.add(key)
            starts[key] = min(start, starts.get(key, LATER_THAN_ALL))
            if (dialog.type or "").upper() == POST_SURVEY:
                surveys[key] = starts[key]
        for survey in record.surveys:
            # Records without `dialogs` betray a survey dialog only by an id that is not the conversation's.
            if survey.dialog_id not in listed and survey.dialog_id not in (None, self.main):
                surveys.setdefault(survey.dialog_id, LATER_THAN_ALL)
        self._start_of_unlisted(record, starts, surveys, listed)
        ordered = sorted(starts, key=lambda key: starts[key])  # stable: equal starts keep the delivered order
        self.numbers: dict[str | None, int] = {key: number for number, key in enumerate(ordered)}
        self.surveys = surveys

    def _start_of_unlisted(
        self,
        record: ConversationRecord,
        starts: dict[str | None, int],
        surveys: dict[str | None, int],
        listed: set[str | None],
    ) -> None:
        for message in record.messages:
            key = message.dialog_id or self.main
            if key in listed:
                continue
            at = LATER_THAN_ALL if message.sent_at_ms is None else message.sent_at_ms
            starts[key] = min(at, starts.get(key, LATER_THAN_ALL))
            if key in surveys:
                surveys[key] = min(at, surveys[key])

    def number(self, dialog_id: str | None) -> int:
        return self.numbers.get(dialog_id or self.main, 0)

    def is_survey(self, dialog_id: str | None) -> bool:
        return (dialog_id or self.main) in self.surveys

    @property
    def survey_started_ms(self) -> int | None:
        """When the last survey dialog began; None without one whose start is known."""
        known = [start for start in self.surveys.values() if start != LATER_THAN_ALL]
        return max(known) if known else None
