"""The shell's way in: sync, rederive, backup; and Celery's."""

import io
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from interactions import tasks
from interactions.ingest import byhand, control, sync
from interactions.ingest.connection import KEY_PARTS, SANDBOX_FILE, NotConfigured, build_client, credentials
from interactions.ingest.reading import Ending
from interactions.ingest.status import completeness, freshness
from interactions.liveperson import ApplicationLogin, OAuth1Key, UserLogin
from interactions.models import ColumnarCopy, Conversation, RawRecord, SyncWindow
from interactions.sandbox.faults import Status
from interactions.search.columnar import making

pytestmark = pytest.mark.django_db


def lines_of(importer):
    key = importer.served.credentials
    values = [key.app_key, key.app_secret, key.access_token, key.access_token_secret]
    lines = [f"{name}={value}" for name, value in zip(KEY_PARTS, values, strict=True)]
    return "\n".join(
        [f"LIVEPERSON_API_URL={importer.served.url}", f"LIVEPERSON_ACCOUNT_ID={importer.account.id}", *lines]
    )


@pytest.fixture
def running(importer, settings, tmp_path):
    """A sandbox that `make run` left running."""
    return running_in(importer, settings, tmp_path)


def running_in(importer, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / SANDBOX_FILE).write_text(lines_of(importer))
    return importer


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_sync_reads_everything_from_the_sandbox_left_running(running):
    out, err = run("sync")
    assert Conversation.objects.count() == 60
    assert re.match(r"Read 60 in [0-9.]+ s \([0-9,]+ a second\): [0-9]+ new, 0 changed, 0 unchanged, ", out)
    assert err.splitlines()[0].startswith("  0%  0 of ")
    assert err.splitlines()[-1] == "100%  60 of 60 conversations"


@pytest.mark.parametrize("since", [(), ("--since", f"{timezone.now() - timedelta(days=3):%Y-%m-%d}")])
def test_sync_goes_by_livepersons_clock_where_this_machines_is_ahead(running, set_machine, since):
    set_machine(hours=1)
    run("sync", *since)
    newest = RawRecord.objects.aggregate(at=Max("read_at"))["at"]
    assert newest < datetime.now(UTC) + timedelta(minutes=5)  # else nothing newer would be taken for an hour


def test_sync_says_when_there_is_nothing_to_read(running):
    run("sync")
    assert run("sync") == ("There was nothing to read: all that LivePerson has is read already.\n", "")


def test_sync_fails_while_history_is_paused(running):
    sync.plan(timezone.now())
    control.pause_history(timezone.now())
    with pytest.raises(CommandError, match="Not complete:\nHistory is paused; periods that wait") as failed:
        run("sync")
    assert failed.value.returncode == 1


def test_sync_fails_when_a_list_is_refused(running):
    running.served.force(403, times=50, ending="/agentGroups")
    with pytest.raises(CommandError, match="Not complete:\nThe key may not read agent groups: ") as failed:
        run("sync")
    assert failed.value.returncode == 1
    assert Conversation.objects.count() == 60


def test_sync_reads_a_range_of_days(running):
    day = timezone.now() - timedelta(days=6)
    run("sync", "--since", f"{day:%Y-%m-%d}", "--until", f"{day + timedelta(days=2):%Y-%m-%d}")
    starts = list(Conversation.objects.values_list("started_at", flat=True))
    assert starts
    assert min(starts).date() >= day.date() - timedelta(days=1)
    assert max(starts).date() <= day.date() + timedelta(days=3)
    assert not SyncWindow.objects.exists()


def test_sync_fails_when_something_was_not_read_whole(running):
    running.served.switches.partial_result = True
    with pytest.raises(CommandError, match="Not complete:\n.*a part of its index"):
        run("sync", "--since", f"{timezone.now() - timedelta(days=3):%Y-%m-%d}")
    assert Conversation.objects.exists()


def test_sync_leaves_what_it_could_not_read_whole_to_the_worker(running):
    running.served.switches.partial_result = True
    with pytest.raises(CommandError):
        run("sync", "--since", f"{timezone.now() - timedelta(days=3):%Y-%m-%d}")
    left = set(SyncWindow.objects.values_list("pk", flat=True))
    assert {window.pk for window in freshness().incomplete} == left
    assert not completeness(timezone.now() - timedelta(days=2), None).is_complete
    running.served.switches.partial_result = False
    running.later(minutes=30).run()
    assert not SyncWindow.objects.filter(pk__in=left).exclude(state="complete").exists()
    running.later(minutes=30).run()
    assert not SyncWindow.objects.filter(kind="manual").exists()


def test_sync_leaves_nothing_behind_when_it_is_interrupted(running, monkeypatch):
    monkeypatch.setattr(byhand.sync, "run_window", interrupting)
    with pytest.raises(CommandError, match="Interrupted. What was read is stored."):
        run("sync", "--since", f"{timezone.now() - timedelta(days=3):%Y-%m-%d}")
    assert not SyncWindow.objects.exists()


def test_sync_says_what_it_read_before_liveperson_failed(importer_of, settings, tmp_path):
    running = running_in(importer_of(400, days=1), settings, tmp_path)
    running.served.faults.script(Status(first=4, times=50, status=401))
    out = io.StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("sync", "--since", f"{timezone.now() - timedelta(days=3):%Y-%m-%d}", stdout=out, stderr=out)
    assert failed.value.returncode == 2
    assert 0 < Conversation.objects.count() < 400
    assert f"Read {Conversation.objects.count()} in " in out.getvalue()


def interrupting(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--since", "yesterday"], "--since must be a date such as 2026-08-01, not 'yesterday'."),
        (["--until", "2026-02-30"], "--until must be a date such as 2026-08-01, not '2026-02-30'."),
        (["--since", "2026-02-02", "--until", "2026-01-01"], "nothing to read from 2026-02-02 to 2026-01-01."),
        (["--since", "9999-12-31"], "There is nothing to read"),
    ],
)
def test_sync_says_what_is_wrong_with_a_date(running, arguments, sentence):
    with pytest.raises(CommandError, match=sentence.replace("'", ".")) as failed:
        run("sync", *arguments)
    assert failed.value.returncode == 2


def test_sync_says_how_to_start_a_sandbox(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match="start a sandbox with `make run`"):
        run("sync")


def test_sync_refuses_another_account(running):
    from interactions.ingest import account
    from interactions.models import Account

    Account.objects.all().delete()
    account.pin("71830264")
    with pytest.raises(CommandError, match="This database holds account 71830264, not sandbox-1"):
        run("sync")


def test_sync_says_when_the_key_is_refused(running):
    running.served.force(401, times=5, ending="/agentGroups")
    with pytest.raises(CommandError, match=r"LivePerson refuses the key \(401\)"):
        run("sync")


def test_rederive_rebuilds_everything(running):
    run("sync")
    out, err = run("rederive")
    assert out.startswith("Rebuilt 60 conversations in ")
    assert "60 of 60" in err


@pytest.mark.django_db(transaction=True)
def test_backup_writes_a_copy_that_opens(tmp_path):
    if connection.vendor != "sqlite" and shutil.which("pg_dump") is None:
        with pytest.raises(CommandError, match="pg_dump is not on this machine"):
            run("backup", str(tmp_path / "copy"))
        return
    run("backup", str(tmp_path / "copy"))
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(tmp_path / "copy")
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        copy.close()
    else:
        assert (tmp_path / "copy").read_bytes().startswith(b"PGDMP")


def test_backup_overwrites_nothing(tmp_path):
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(CommandError, match="exists already; nothing was written"):
        run("backup", str(tmp_path / "copy"))
    assert (tmp_path / "copy").read_text() == "precious"


def test_wake_reads_what_is_due(running):
    assert tasks.wake() == "Nothing is due."
    assert Conversation.objects.count() == 60


@pytest.mark.django_db(transaction=True)
def test_wake_makes_the_columnar_copy_once_it_is_due(running, monkeypatch):
    assert tasks.wake() == "Nothing is due." and not ColumnarCopy.objects.exists()
    monkeypatch.setattr(making, "LEAST", 60)
    assert tasks.wake() == "Nothing is due."
    assert ColumnarCopy.objects.get().size == Conversation.objects.count() == 60


def test_wake_ends_with_the_page_in_hand_long_before_it_would_be_cut_off(importer_of, settings, tmp_path):
    importer = running_in(importer_of(1300), settings, tmp_path)
    usual, answer = settings.CELERY_TASK_SOFT_TIME_LIMIT, importer.served.sandbox.answer

    def crawling(call):
        if call.path.endswith("conversations/search") and call.query.get("offset") != "0":
            settings.CELERY_TASK_SOFT_TIME_LIMIT = 0
        return answer(call)

    importer.served.sandbox.answer = crawling
    assert tasks.wake() == "More is left."
    assert SyncWindow.objects.get(kind="backfill", done_count__gt=100).state == "waiting"
    assert 100 < Conversation.objects.count() < 1300

    settings.CELERY_TASK_SOFT_TIME_LIMIT, importer.served.sandbox.answer = usual, answer
    assert tasks.wake() == "Nothing is due."
    assert Conversation.objects.count() == 1300


def test_a_task_is_late_long_before_it_would_be_cut_off(settings):
    seconds = 0.0
    shift = tasks.Shift(clock=lambda: seconds)
    latest = settings.CELERY_TASK_SOFT_TIME_LIMIT - tasks.MARGIN
    # Of a page, what is tried four times for two minutes each and asked for by id besides.
    assert sync.TURN.total_seconds() < latest <= settings.CELERY_TASK_SOFT_TIME_LIMIT - 2 * (4 * 120 + 30)
    seconds = latest - 1
    assert not shift.is_over()
    shift.sleep(0.01)
    seconds = latest + 1
    assert shift.is_over()
    with pytest.raises(Ending):
        shift.sleep(30)


def test_wake_says_what_is_missing(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "start a sandbox" in tasks.wake()


KEY = dict.fromkeys(KEY_PARTS, "x")
LOGIN = {"LIVEPERSON_USERNAME": "u", "LIVEPERSON_PASSWORD": "p"}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (KEY, OAuth1Key),
        (LOGIN, UserLogin),
        (KEY | LOGIN, OAuth1Key),
        (KEY | {"LIVEPERSON_USERNAME": "u"}, ApplicationLogin),
    ],
)
def test_connects_with_a_key_or_a_login(values, kind):
    assert isinstance(credentials(values), kind)


@pytest.mark.parametrize("values", [{}, {"LIVEPERSON_APP_KEY": "x"}, {"LIVEPERSON_USERNAME": "u"}])
def test_refuses_half_a_set_of_credentials(values):
    with pytest.raises(NotConfigured):
        build_client({"LIVEPERSON_ACCOUNT_ID": "1", **values})
