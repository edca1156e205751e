"""The one LivePerson account that a database belongs to."""

from django.db import models

SANDBOX_PREFIX = "sandbox-"


def is_sandbox_account(account_id: str) -> bool:
    """Whether an account id names invented data; any other account is real, also one served from loopback."""
    return account_id.startswith(SANDBOX_PREFIX)


class Account(models.Model):
    """The single row that pins a database to one account, so that two accounts never mix."""

    account_id = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # The revision of each configuration list as LivePerson last gave it; the same revision answers 304.
    users_revision = models.CharField(max_length=64, blank=True, default="")
    skills_revision = models.CharField(max_length=64, blank=True, default="")
    groups_revision = models.CharField(max_length=64, blank=True, default="")
    # The wordings of the account's automatic messages, by which their copies in transcripts are recognised.
    automatic_texts = models.JSONField(default=list, blank=True)
    configuration_read_at = models.DateTimeField(null=True, blank=True)
    # By list that LivePerson does not give: {"detail": in words, "since", "retry_at": ISO 8601}. Conversations go on.
    configuration_trouble = models.JSONField(default=dict, blank=True)
    # What the last call to LivePerson ended with, in words for /sync/; empty while all is well.
    trouble = models.CharField(max_length=32, blank=True, default="")
    trouble_detail = models.CharField(max_length=300, blank=True, default="")
    trouble_since = models.DateTimeField(null=True, blank=True)
    # After a failure nothing is asked before this instant; each further failure in a row doubles the pause.
    retry_at = models.DateTimeField(null=True, blank=True)
    # How many conversations LivePerson counted in the history's range when it was planned; null until it has said.
    history_count = models.PositiveIntegerField(null=True, blank=True)
    # How far LivePerson's clock is ahead of the worker's; 0 while they agree within 90 seconds.
    clock_ahead_seconds = models.IntegerField(default=0)
    # Set by a person: history waits, what is new is still read.
    history_paused_at = models.DateTimeField(null=True, blank=True)
    failure_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.account_id

    @property
    def is_sandbox(self) -> bool:
        return is_sandbox_account(self.account_id)
