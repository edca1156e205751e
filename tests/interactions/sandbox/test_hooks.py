"""What tests of other rooms hold on to: hand-made records, switches, forced answers, the ledger, the command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from .conftest import ANCHOR, ANCHOR_MS, Caller

ROOT = Path(__file__).parents[3]
RECORD = {
    "info": {"conversationId": "made-by-hand", "startTimeL": ANCHOR_MS - 5000, "status": "CLOSE", "csatRate": 1,
             "latestAgentId": "a-uuid", "latestSkillId": -1},
    "messageRecords": [{"type": "TEXT_PLAIN", "messageData": {"msg": {"text": "a rhubarb"}},
        "timeL": ANCHOR_MS - 4000}],
    "surprise": {"new": [1]},
}  # fmt: skip


def ids(page):
    return [each["info"]["conversationId"] for each in page.json()["conversationHistoryRecords"]]


@pytest.mark.parametrize(
    "body", [{"csat": {"to": 1}}, {"keyword": "rhubarb"}, {"latestAgentIds": ["a-uuid"]}, {"status": ["CLOSE"]}]
)
def test_it_serves_records_made_by_hand(fresh, body):
    fresh.account.put(RECORD)
    assert "made-by-hand" in ids(Caller(fresh).search(body))


def test_it_replaces_and_removes_records(fresh):
    caller = Caller(fresh)
    fresh.account.put(RECORD)
    fresh.account.put(RECORD | {"info": RECORD["info"] | {"csatRate": 5}})
    [found] = caller.post("conversation/search", {"conversationId": "made-by-hand"}).json()[
        "conversationHistoryRecords"
    ]
    assert found["info"]["csatRate"] == 5
    assert caller.search().json()["_metadata"]["count"] == 21
    assert fresh.account.remove("made-by-hand")
    assert caller.search().json()["_metadata"]["count"] == 20
    assert not fresh.account.remove("made-by-hand")


@pytest.mark.parametrize(
    "wrong",
    [
        {"info": RECORD["info"] | {"mcs": 10**30}},
        {"info": RECORD["info"] | {"csatRate": float("inf")}},
        {"info": RECORD["info"] | {"latestSkillId": 2**40}},
        {"messageRecords": [{"seq": 10**30}]},
    ],
)
def test_it_refuses_a_number_that_it_cannot_hold_and_stays_as_it_was(fresh, wrong):
    fresh.account.put(RECORD)
    with pytest.raises((OverflowError, TypeError)):
        fresh.account.put(RECORD | wrong)
    assert "made-by-hand" in ids(Caller(fresh).search({"csat": {"to": 1}}))
    assert Caller(fresh).search().json()["_metadata"]["count"] == 21


def test_it_replaces_a_record_of_its_own(fresh):
    known = next(fresh.account.truth())
    known["info"]["closeReason"] = "SYSTEM"
    fresh.account.put(known)
    truth = {each["info"]["conversationId"]: each for each in fresh.account.truth()}
    assert len(truth) == 20
    assert truth[known["info"]["conversationId"]]["info"]["closeReason"] == "SYSTEM"


def test_it_serves_unknown_containers_of_hand_made_records_by_id(fresh):
    fresh.account.put(RECORD)
    wanted = {"conversationId": "made-by-hand", "contentToRetrieve": ["messageRecords"]}
    [found] = Caller(fresh).post("conversation/search", wanted).json()["conversationHistoryRecords"]
    assert found == RECORD


def test_it_says_that_part_of_the_index_did_not_answer(fresh):
    fresh.switches.partial_result = True
    assert Caller(fresh).search().json()["_metadata"]["shardsStatusResult"]["partialResult"] is True


def test_it_cuts_a_record_short_in_search_only(fresh):
    whole = next(each for each in fresh.account.truth() if len(each["messageRecords"]) > 6)
    name = whole["info"]["conversationId"]
    fresh.switches.cut_short.add(name)
    caller = Caller(fresh)
    [cut] = [each for each in caller.all() if each["info"]["conversationId"] == name]
    [full] = caller.post("conversation/search", {"conversationId": name}).json()["conversationHistoryRecords"]
    assert (cut["info"]["isPartial"], full["info"]["isPartial"]) == (True, False)
    assert len(cut["messageRecords"]) < len(full["messageRecords"]) == len(whole["messageRecords"])


def test_it_answers_otherwise_for_a_while(fresh):
    caller = Caller(fresh)
    fresh.force(503, 2, ending="conversations/search", headers={"Retry-After": "1"})
    answers = [caller.search(), caller.get("le-users/skills"), caller.search(), caller.search()]
    assert [each.status_code for each in answers] == [503, 200, 503, 200]
    assert answers[0].headers["Retry-After"] == "1"


def test_it_remembers_what_was_asked(fresh):
    caller = Caller(fresh)
    caller.search({"status": ["OPEN"]}, limit=7)
    assert fresh.ledger.count("conversations/search") == 1
    assert fresh.ledger.last.query["limit"] == "7"
    assert fresh.ledger.last.json()["status"] == ["OPEN"]


def test_it_never_shows_its_secrets(fresh):
    assert fresh.credentials.app_secret not in repr(fresh.credentials)


def run(*arguments, **options):
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, **options)  # fmt: skip


WAYS = [("manage.py", "sandbox"), ("-m", "interactions.sandbox")]
OPTIONS = ("--conversations", "30", "--seed", "7", "--anchor", ANCHOR.isoformat())


@pytest.mark.parametrize("way", WAYS, ids=["manage", "module"])
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_settings_serves_and_stops_cleanly(way, stop, tmp_path):
    process = run(*way, *OPTIONS, env=os.environ | {"DATA_DIR": str(tmp_path), "DATABASE_URL": "sqlite:////nowhere/db"})
    try:
        assert process.stdout is not None
        lines = dict(process.stdout.readline().rstrip("\n").split("=", 1) for _ in range(9))
        assert list(lines) == [
            "LIVEPERSON_API_URL", "LIVEPERSON_ACCOUNT_ID", "LIVEPERSON_APP_KEY", "LIVEPERSON_APP_SECRET",
            "LIVEPERSON_ACCESS_TOKEN", "LIVEPERSON_ACCESS_TOKEN_SECRET", "# LIVEPERSON_USERNAME",
            "# LIVEPERSON_PASSWORD", "# anchor",
        ]  # fmt: skip
        assert (lines["LIVEPERSON_ACCOUNT_ID"], lines["# anchor"]) == ("sandbox-7", ANCHOR.isoformat())
        url = f"{lines['LIVEPERSON_API_URL']}/api/account/sandbox-7/service/baseURI.json"
        assert requests.get(url, timeout=9).status_code == 200
    finally:
        process.send_signal(stop)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


def test_it_says_in_one_sentence_that_a_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = run("-m", "interactions.sandbox", *OPTIONS, "--port", port)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors == f"Cannot listen on 127.0.0.1:{port}: Address already in use.\n"


@pytest.mark.parametrize("wrong", [("--anchor", "soon"), ("--conversations", "0"), ("--days", "x")])
def test_it_refuses_wrong_options(wrong):
    process = run("-m", "interactions.sandbox", *wrong)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert wrong[0] in errors
