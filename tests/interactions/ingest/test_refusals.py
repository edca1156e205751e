"""Lists of the configuration that the key may not read: conversations are read all the same."""

from datetime import timedelta

import pytest

from interactions.ingest import connection, refusals
from interactions.models import Account, Agent, Conversation, Skill, SyncRun, SyncWindow

pytestmark = pytest.mark.django_db
LISTS = {"users": "/users", "skills": "/skills", "groups": "/agentGroups", "automatic": "auto-messages"}


def troubles():
    return {refusal.name: refusal.detail for refusal in refusals.refusals(Account.objects.get())}


@pytest.mark.parametrize("status", [403, 200, 404, 400])
@pytest.mark.parametrize("name", ["users", "skills", "groups"])
def test_reads_conversations_although_a_list_is_refused_or_garbled(importer, name, status):
    importer.served.force(status, times=9, ending=LISTS[name])
    importer.run()
    assert Conversation.objects.count() == 60
    assert set(troubles()) == {name}
    assert set(SyncWindow.objects.values_list("state", flat=True)) == {"complete"}
    assert Account.objects.get().trouble == ""


def test_takes_names_from_conversations_when_the_key_reads_nothing_else(importer):
    for ending in LISTS.values():
        importer.served.force(403, times=9, ending=ending)
    importer.run()
    assert Conversation.objects.count() == 60
    assert set(troubles()) == set(LISTS)
    assert Agent.objects.filter(kind="human").exclude(full_name="").exists()


def test_says_in_words_what_to_do(importer):
    importer.served.force(403, times=9, ending=LISTS["users"])
    importer.run()
    says = "The key may not read users: names come from conversations until an administrator gives it the Users"
    assert troubles()["users"] == f"{says} privilege."
    run = SyncRun.objects.get(kind="configuration")
    assert (run.state, run.error) == ("incomplete", troubles()["users"])


@pytest.mark.parametrize("status", [403, 200])
def test_calls_automatic_messages_refused_but_absent_ones_not(importer, status):
    importer.served.force(status, ending="/auto-messages")
    importer.run()
    assert set(troubles()) == {"automatic"}
    assert Account.objects.get().automatic_texts  # what the other base gave
    importer.served.force(404, times=2, ending="auto-messages")
    importer.later(hours=2).run()
    assert troubles() == {}


@pytest.mark.parametrize(("status", "pause"), [(403, timedelta(hours=1)), (200, timedelta(minutes=5))])
def test_asks_for_a_refused_list_again_after_a_pause_of_its_own(importer, clock, status, pause):
    importer.served.force(status, ending=LISTS["skills"])
    importer.run()
    asked = {ending: importer.served.ledger.count(ending) for ending in ("/le-users/skills", "/le-users/users")}
    importer.later(seconds=pause.total_seconds() - 60).run()
    assert importer.served.ledger.count("/le-users/skills") == asked["/le-users/skills"]
    importer.later(minutes=1).run()
    assert importer.served.ledger.count("/le-users/skills") == asked["/le-users/skills"] + 1
    assert troubles() == {}


def test_keeps_reading_the_other_lists_meanwhile(importer):
    importer.served.force(403, ending=LISTS["skills"])
    importer.run()
    asked = importer.served.ledger.count("/le-users/users")
    importer.later(minutes=11).run()
    assert importer.served.ledger.count("/le-users/users") == asked + 1
    assert set(troubles()) == {"skills"}


def test_says_since_when_and_keeps_what_was_read_before(importer):
    importer.run()
    names = set(Skill.objects.values_list("name", flat=True))
    importer.served.force(403, times=2, ending=LISTS["skills"])
    importer.later(minutes=11).run()
    [before] = refusals.refusals(Account.objects.get())
    importer.later(hours=1).run()
    [after] = refusals.refusals(Account.objects.get())
    assert before.since == after.since < before.retry_at < after.retry_at
    assert set(Skill.objects.values_list("name", flat=True)) == names


def test_puts_users_into_their_groups_once_groups_may_be_read(importer_of):
    importer = importer_of(0)
    importer.served.force(403, ending=LISTS["groups"])
    importer.run()
    assert not Agent.objects.filter(group__isnull=False).exists()
    importer.later(hours=1).run()
    assert Agent.objects.filter(group__isnull=False).exists()


@pytest.mark.parametrize("status", [401, 503])
def test_stops_when_the_key_is_refused_or_nobody_answers(importer, status):
    importer.served.force(status, times=20, ending=LISTS["users"])
    importer.run()
    assert Account.objects.get().trouble in ("refused", "unavailable")
    assert troubles() == {}


def test_goes_on_when_the_database_refuses_a_list(importer, monkeypatch):
    def unfit():
        raise ValueError("a name that no column takes")

    monkeypatch.setattr(importer.client, "skills", lambda revision: unfit())
    importer.run()
    assert Conversation.objects.count() == 60
    assert troubles()["skills"].startswith("The list of skills could not be stored (ValueError)")


KEY = dict.fromkeys(connection.KEY_PARTS, "x")
LOGIN = {"LIVEPERSON_USERNAME": "reports", "LIVEPERSON_PASSWORD": "x"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (LOGIN, "LivePerson refuses the login (401). An operator must check LIVEPERSON_USERNAME and LIVEPERSON_PASS"),
        (KEY, "LivePerson refuses the key (401). An operator must check LIVEPERSON_APP_KEY, LIVEPERSON_APP_SECRET, "),
        (KEY | {"LIVEPERSON_USERNAME": "reports"}, "LivePerson refuses the login by key (401). An operator must chec"),
    ],
)
def test_names_the_settings_that_are_refused(importer, settings, given, says):
    for name, value in {"LIVEPERSON_ACCOUNT_ID": "71830264", **given}.items():
        setattr(settings, name, value)
    importer.served.force(401, times=9, ending=LISTS["groups"])
    importer.run()
    assert Account.objects.get().trouble_detail.startswith(says)
