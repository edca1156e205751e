"""Limits, errors, paging and widening of the three conversation calls."""

from __future__ import annotations

import pytest
import requests

from interactions.sandbox import Account, serve

from .conftest import ANCHOR, ANCHOR_MS, DAY, Caller

TEN = 600_000


def start_of(record):
    return record["info"]["startTimeL"]


def id_of(record):
    return record["info"]["conversationId"]


@pytest.mark.parametrize(
    "body",
    [
        {"start": None}, {"start": 5}, {"start": {}}, {"start": {"to": ANCHOR_MS}}, {"start": {"from": "soon"}},
        {"start": {"from": ANCHOR_MS, "to": ANCHOR_MS - DAY}}, {"start": {"from": ANCHOR_MS - 93 * DAY,
        "to": ANCHOR_MS}},
        {"end": {"from": ANCHOR_MS - 93 * DAY, "to": ANCHOR_MS}}, {"status": ["CLOSED"]}, {"status": []},
        {"mcs": {"from": 101}},
        {"csat": {"from": 0}}, {"nps": {"to": 11}}, {"fcr": ["perhaps"]}, {"alertedMcsValues": ["2"]},
        {"source": ["PIGEON"]},
        {"device": ["FRIDGE"]}, {"messageContentTypes": ["SONG"]}, {"latestConversationQueueState": "LOST"},
        {"skillIds": ["x"]}, {"agentIds": "1"}, {"agentIds": ["1"], "userPermissions": ["BOSS"]}, {"keyword": ""},
        {"contentToRetrieve": ["gossip"]}, {"contentToRetrieve": "info"}, {"duration": {"from": "long"}},
        {"colour": "red"},
        {"surveyBotConversations": "YES"}, {"questionTypeAndFormatToRetrieve": {"kind": "csat"}},
    ],
)  # fmt: skip
def test_it_refuses_a_wrong_filter(caller, body):
    answer = caller.search(body)
    assert (answer.status_code, answer.json()["error"]["responseStatus"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"limit": 101}, 400), ({"limit": 0}, 400), ({"limit": "x"}, 400), ({"offset": -1}, 400),
            ({"sort": "mood:asc"}, 400),
        ({"v": 3}, 400), ({"source": ""}, 400), ({"source": "t" * 21}, 400), ({"source": "t" * 20}, 200),
            ({"limit": 100}, 200),
        ({"offset": 9_900, "limit": 100}, 200), ({"offset": 9_901, "limit": 100}, 500),
    ],
)  # fmt: skip
def test_it_enforces_the_limits_of_the_url(caller, params, status):
    assert caller.search(**params).status_code == status


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"nonsense", b'"start"', b"\xff\xfe"])
def test_it_refuses_a_body_that_is_no_object(caller, raw):
    answer = caller.session.post(f"{caller.base}/search?source=t", data=raw, timeout=9)
    assert answer.status_code == 400


def test_it_wants_a_start(caller):
    assert caller.post("search", {"status": ["OPEN"]}).status_code == 400


@pytest.mark.parametrize("days", [90, 92])
def test_it_accepts_three_months(caller, days):
    assert caller.search({"start": {"from": ANCHOR_MS - days * DAY, "to": ANCHOR_MS}}).status_code == 200


@pytest.mark.parametrize("start", [{"from": str(ANCHOR_MS - DAY), "to": str(ANCHOR_MS)}, {"from": ANCHOR_MS - DAY},
                                   {"from": ANCHOR_MS - DAY, "to": -1}])  # fmt: skip
def test_it_reads_bounds_as_text_and_open_ends(caller, start):
    plain = caller.search({"start": {"from": ANCHOR_MS - DAY, "to": ANCHOR_MS}}).json()["_metadata"]["count"]
    assert caller.search({"start": start}).json()["_metadata"]["count"] == plain > 0


def test_it_widens_to_whole_ten_minutes(caller, truth):
    middle = start_of(truth[len(truth) // 2])
    bounds = {"from": middle // TEN * TEN + 599_999, "to": middle // TEN * TEN + TEN + 1}
    low, high = middle // TEN * TEN, middle // TEN * TEN + 2 * TEN
    expected = [id_of(each) for each in truth if low <= start_of(each) <= high]
    assert [id_of(each) for each in caller.all({"start": bounds})] == expected


@pytest.mark.parametrize(("sort", "key", "backwards"), [
    ("start:asc", "startTimeL", False), ("start:desc", "startTimeL", True),
    ("end:asc", "endTimeL", False), ("end:desc", "endTimeL", True)])  # fmt: skip
def test_it_sorts(caller, sort, key, backwards):
    closed = caller.all({"status": ["CLOSE"]}, sort=sort)
    keys = [each["info"][key] for each in closed]
    assert keys == sorted(keys, reverse=backwards)


def test_it_pages_from_zero_without_gap_or_overlap(caller, truth):
    pages = [caller.search(limit=70, offset=offset).json() for offset in range(0, 400, 70)]
    found = [id_of(each) for page in pages for each in page["conversationHistoryRecords"]]
    assert found == [id_of(each) for each in truth]
    assert {page["_metadata"]["count"] for page in pages} == {len(truth)}


def test_it_links_to_next_and_last_without_source_and_version(caller):
    metadata = caller.search(limit=100, offset=100).json()["_metadata"]
    assert metadata["self"]["href"].endswith("/conversations/search?limit=100&offset=100")
    assert metadata["next"]["href"].endswith("?limit=100&offset=200")
    assert metadata["last"]["href"].endswith("?limit=100&offset=300")
    assert metadata["shardsStatusResult"] == {"partialResult": False}


def test_it_has_fifty_to_a_page_and_no_next_after_the_last(caller):
    assert len(caller.search().json()["conversationHistoryRecords"]) == 50
    assert set(caller.search(offset=350).json()["_metadata"]) == {"count", "self", "shardsStatusResult"}


def test_it_answers_an_empty_match_with_zero(caller):
    page = caller.search({"start": {"from": 1000, "to": 2000}}).json()
    assert (page["_metadata"]["count"], page["conversationHistoryRecords"]) == (0, [])


def test_it_serves_the_thirteen_containers_and_sdes_by_default(caller):
    names = {name for each in caller.all() for name in each}
    assert {"campaign", "messageRecords", "transfers", "summary", "sdes", "coBrowseSessions"} <= names
    assert not names & {"dialogs", "monitoring", "unAuthSdes", "responseTime", "skillChanges", "intents"}


def test_it_serves_only_what_is_named_in_any_case(caller):
    records = caller.all({"contentToRetrieve": ["DIALOGS", "messagerecords", "SDEs"]})
    assert {name for each in records for name in each} == {"info", "dialogs", "messageRecords", "sdes"}


def test_it_leaves_containers_without_data_out(caller):
    records = caller.all({"contentToRetrieve": ["transfers", "conversationSurveys"]})
    assert all(each.get("transfers", True) and each.get("conversationSurveys", True) for each in records)
    assert any(set(each) == {"info"} for each in records)


def test_it_gives_one_record_in_full_by_id(caller, truth):
    wanted = next(each for each in truth if len(each["messageRecords"]) > 120)
    body = {"conversationId": id_of(wanted), "contentToRetrieve": ["messageRecords"]}
    [found] = caller.post("conversation/search", body).json()["conversationHistoryRecords"]
    assert found["messageRecords"] == wanted["messageRecords"]
    assert found["info"]["isPartial"] is False
    [cut] = [each for each in caller.all() if id_of(each) == id_of(wanted)]
    assert cut["info"]["isPartial"] is True
    assert len(cut["messageRecords"]) == 100


def test_it_gives_several_by_id_and_skips_unknown_ones(caller, truth):
    ids = [id_of(truth[3]), "nobody", id_of(truth[9])]
    page = caller.post("conversation/search", {"conversationIds": ids}).json()
    assert [id_of(each) for each in page["conversationHistoryRecords"]] == [ids[0], ids[2]]


@pytest.mark.parametrize("body", [{}, {"conversationId": 5}, {"conversationIds": []}, {"conversationIds": ["x"] * 101},
                                  {"conversationId": "x", "start": {}}])  # fmt: skip
def test_it_refuses_a_wrong_question_by_id(caller, body):
    assert caller.post("conversation/search", body).status_code == 400


def test_it_finds_a_consumers_conversations(caller, truth):
    def consumer(record):
        people = record.get("consumerParticipants") or record["consumerParticipant"]
        return people[0]["participantId"]

    everyone = [consumer(each) for each in truth]
    back = next(each for each in everyone if everyone.count(each) > 2)
    page = caller.post("consumer/search", {"consumer": back, "status": ["OPEN", "CLOSE"]}).json()
    found = [id_of(each) for each in page["conversationHistoryRecords"]]
    assert found == [id_of(each) for each in truth if consumer(each) == back]


@pytest.mark.parametrize("body", [{"consumer": "x"}, {"status": ["OPEN"]}, {"consumer": "x", "status": ["GONE"]},
                                  {"consumer": "x", "status": ["OPEN"], "start": {}}])  # fmt: skip
def test_it_refuses_a_wrong_question_by_consumer(caller, body):
    assert caller.post("consumer/search", body).status_code == 400


@pytest.mark.parametrize("ending", ["conversation/search", "consumer/search"])
def test_it_wants_a_source_everywhere(caller, ending):
    assert caller.post(ending, {"conversationId": "x"}, source="").status_code == 400


def test_it_types_attributes_by_version(caller, truth):
    def balances(v):
        events = [e for r in caller.all(v=v) for e in r.get("sdes", {}).get("events", [])]
        return [e["customerInfo"]["customerInfo"]["balance"] for e in events if e["sdeType"] == "CUSTOMER_INFO"]

    assert {type(each) for each in balances(1)} == {str}
    assert {type(each) for each in balances(2)} == {float}


def test_it_gives_unauthenticated_attributes_in_version_two_only(caller):
    wanted = {"contentToRetrieve": ["unAuthSdes"]}
    assert not any("unAuthSdes" in each for each in caller.all(wanted, v=1))
    events = [e for each in caller.all(wanted, v=2) for e in each.get("unAuthSdes", {}).get("events", [])]
    assert {each["isAuthenticated"] for each in events} == {False}


def test_it_answers_older_clients_that_send_no_source():
    with serve(Account(conversations=5, anchor=ANCHOR), require_source=False) as running:
        caller = Caller(running)
        assert caller.search(source=None).status_code == 200
        assert set(caller.get("le-users/users").json()[0]) == {"id", "pid", "deleted", "loginName"}


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET",
    "/messaging_history/api/account/"
                         "sandbox-1/conversations/search", 405), ("PUT", "/", 501)])  # fmt: skip
def test_it_knows_only_its_paths(sandbox, method, path, status):
    assert requests.request(method, sandbox.url + path, timeout=9).status_code == status


def test_it_refuses_a_huge_body(caller):
    answer = caller.session.post(f"{caller.base}/search?source=t", data=b" " * (1 << 20) + b"{}", timeout=9)
    assert answer.status_code == 413
