import pytest

from interactions.liveperson import (
    DEFAULT_CONTENT,
    Answer,
    Between,
    Filters,
    LivePersonError,
    OutboundRefused,
    Refused,
    TooLarge,
    Unavailable,
    UnexpectedResponse,
    UserLogin,
)
from interactions.liveperson.client import HEAD_CONTENT
from tests.interactions.liveperson.account import (
    ACCOUNT,
    HOST,
    FakeAccount,
    conversation,
    envelope,
    ok,
    payload,
    refusal,
)

SEARCH = f"/messaging_history/api/account/{ACCOUNT}/conversations/search"
BY_ID = "/conversations/conversation/search"


def search(answer, **options):
    fake = FakeAccount().on("/conversations/search", answer)
    return fake.client().search(start_from=1, start_to=2, **options), fake


def test_asks_as_the_api_wants_to_be_asked():
    _, fake = search(ok(envelope([])), filters=Filters(status=["OPEN"], csat=Between(1, 2)), offset=90, limit=50)
    (asked,) = fake.to(SEARCH)
    assert asked.url.startswith(f"https://{HOST}{SEARCH}?")
    assert asked.query == {"offset": "90", "limit": "50", "sort": "start:asc", "v": "2", "source": "ReadbackSync"}
    assert asked.json == {
        "start": {"from": 1, "to": 2},
        "status": ["OPEN"],
        "csat": {"from": 1, "to": 2},
        "contentToRetrieve": list(DEFAULT_CONTENT),
    }
    assert (asked.headers["Accept-Encoding"], asked.headers["Content-Type"]) == ("gzip", "application/json")


def test_reads_the_sample_page():
    page, _ = search(ok(payload("search_page.json")), offset=7)
    assert (len(page.records), page.count, page.partial, page.offset) == (2, 2, False, 7)


@pytest.mark.parametrize("answer", [refusal(204), Answer(200), Answer(200, {}, b" \n"), ok(envelope([]))])
def test_accepts_an_empty_answer(answer):
    page, _ = search(answer)
    assert (page.records, page.count, page.partial) == ((), 0, False)


@pytest.mark.parametrize(
    "value, partial",
    [
        ({"_metadata": {"count": "3", "shardsStatusResult": {"partialResult": True}}}, True),
        ({"_metadata": {"count": 3, "shardsStatusResult": {"partial": "true"}}}, True),
        ({"_metadata": {"count": 3.0, "shardsStatusResult": {"partialResult": False}}}, False),
        ({"metadata": {"count": 3}, "conversationHistoryRecords": None}, False),
    ],
)
def test_accepts_each_spelling_of_the_envelope(value, partial):
    page, _ = search(ok(value))
    assert (page.count, page.partial, page.records) == (3, partial, ())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {}, b"<html>We are down</html>"),
        Answer(200, {}, b'{"_metadata": {"count": 1'),
        Answer(200, {}, b"[" * 100_000),
        ok([]),
        ok("text"),
        ok({}),
        ok({"conversationHistoryRecords": []}),
        ok({"_metadata": [], "conversationHistoryRecords": []}),
        ok({"_metadata": {"count": -1}}),
        ok({"_metadata": {"count": "many"}}),
        ok({"_metadata": {"count": 1}, "conversationHistoryRecords": {"a": 1}}),
        refusal(302),
    ],
)
def test_names_the_path_of_a_broken_envelope(answer):
    with pytest.raises(UnexpectedResponse) as raised:
        search(answer)
    assert raised.value.path == SEARCH and SEARCH in str(raised.value)


def test_returns_strange_records_among_good_ones():
    page, _ = search(ok(envelope([conversation("a"), 5, {"info": []}])))
    assert [record.info.conversation_id for record in page.records] == ["a", None, None]


def test_waits_as_the_server_says_and_as_the_policy_says():
    fake = FakeAccount().on(
        "/conversations/search", refusal(429, Retry_After="7"), refusal(500), Unavailable("dropped"), ok(envelope([]))
    )
    fake.client().search(start_from=1, start_to=2)
    assert fake.slept == [7.5, 5, 10]


def test_stops_at_once_when_a_privilege_is_missing():
    fake = FakeAccount().on("/conversations/search", refusal(403, {"internalCode": 12, "message": "no privilege"}))
    with pytest.raises(Refused) as raised:
        fake.client().search(start_from=1, start_to=2)
    assert (raised.value.status, raised.value.code, raised.value.detail) == (403, "12", "no privilege")
    assert fake.slept == []


class Archive:
    """Conversations that a search walks over; `change` may alter them before each page."""

    def __init__(self, count, change=None):
        self.ids = [f"c-{number}" for number in range(count)]
        self.change = change
        self.pages = 0

    def __call__(self, asked):
        if self.change:
            self.change(self, self.pages)
        self.pages += 1
        offset, limit = int(asked.query["offset"]), int(asked.query["limit"])
        rows = [conversation(ident) for ident in self.ids[offset : offset + limit]]
        return ok(envelope(rows, count=len(self.ids)))


def walk(archive, **options):
    fake = FakeAccount().on("/conversations/search", archive)
    pages = list(fake.client().pages(start_from=1, start_to=2, **options))
    seen = {record.info.conversation_id for page in pages for record in page.records}
    return [page.offset for page in pages], seen


@pytest.mark.parametrize(
    "count, options, offsets",
    [
        (0, {}, [0]),
        (1, {}, [0]),
        (100, {}, [0]),
        (101, {}, [0, 90]),
        (250, {}, [0, 90, 180]),
        (5, {"limit": 2, "overlap": 0}, [0, 2, 4]),
        (5, {"limit": 2, "overlap": 1}, [0, 1, 2, 3]),
    ],
)
def test_walks_with_offsets_of_its_own_reading_the_last_rows_again(count, options, offsets):
    found, seen = walk(Archive(count), **options)
    assert (found, len(seen)) == (offsets, count)


def test_misses_nothing_when_conversations_leave_meanwhile():
    def one_leaves(archive, page):
        if page:
            archive.ids.pop(0)

    archive = Archive(500, one_leaves)
    _, seen = walk(archive)
    assert set(archive.ids) <= seen


def test_follows_a_growing_count():
    _, seen = walk(Archive(100, lambda archive, page: archive.ids.append(f"new-{page}")))
    assert {"new-0", "c-99"} <= seen


def test_gets_past_pages_shorter_than_the_overlap():
    def short(asked):
        offset = int(asked.query["offset"])
        return ok(envelope([conversation(f"c-{offset + step}") for step in range(3)], count=8))

    offsets, seen = walk(short)
    assert (offsets, len(seen)) == ([0, 3, 6], 9)


def test_stops_at_an_empty_page_whatever_the_count_says():
    assert walk(lambda asked: ok(envelope([], count=500)))[0] == [0]


def reading_at_most(rows, archive):
    def reply(asked):
        if int(asked.query["limit"]) > rows:
            raise TooLarge("big")
        return archive(asked)

    return reply


def test_makes_pages_smaller_when_they_are_too_large():
    offsets, seen = walk(reading_at_most(30, Archive(60)))
    assert (offsets, len(seen)) == ([0, 15, 30, 45], 60)


def test_gets_through_with_pages_smaller_than_the_overlap():
    assert len(walk(reading_at_most(3, Archive(60)))[1]) == 60


def test_gives_up_when_not_even_the_head_of_one_can_be_had():
    with pytest.raises(TooLarge):
        walk(reading_at_most(0, Archive(60)))


@pytest.mark.parametrize("trouble", [TooLarge("big"), "[" * 5000], ids=["too large", "no JSON"])
def test_takes_the_head_of_one_that_cannot_be_read(trouble):
    archive = Archive(60)

    def reply(asked):
        offset, limit = int(asked.query["offset"]), int(asked.query["limit"])
        if offset <= 33 < offset + limit and asked.json["contentToRetrieve"] != list(HEAD_CONTENT):
            if isinstance(trouble, TooLarge):
                raise trouble
            return Answer(200, body=trouble.encode())
        return archive(asked)

    fake = FakeAccount().on(SEARCH, reply)
    records = [record for page in fake.client().pages(start_from=1, start_to=2) for record in page.records]
    assert len({record.info.conversation_id for record in records}) == 60
    assert {record.info.conversation_id for record in records if record.unread} == {"c-33"}


def test_goes_on_from_the_offset_where_it_was_broken_off():
    fake = FakeAccount().on(SEARCH, Archive(300))
    next(fake.client().pages(start_from=1, start_to=2, offset=180))
    assert fake.to(SEARCH)[0].query["offset"] == "180"


@pytest.mark.parametrize("overlap", [-1, 100, 200])
def test_refuses_an_overlap_that_never_gets_on(overlap):
    with pytest.raises(ValueError, match="overlap"):
        FakeAccount().client().pages(start_from=1, start_to=2, overlap=overlap)


def by_id(reply, ids):
    fake = FakeAccount().on(BY_ID, reply)
    found = fake.client().by_id(ids)
    return [record.info.conversation_id for record in found], [asked.json for asked in fake.to(BY_ID)]


def holding(*known, lists=True):
    """Answers by id from the conversations known; without `lists` only one id at a time is understood."""

    def reply(asked):
        wanted = [asked.json["conversationId"]] if "conversationId" in asked.json else asked.json["conversationIds"]
        if "conversationIds" in asked.json and not lists:
            return refusal(400)
        return ok(envelope([conversation(ident) for ident in wanted if ident in known]))

    return reply


def test_reads_several_ids_in_one_call_and_keeps_their_order():
    found, bodies = by_id(holding("b", "a"), ["a", "b", "a"])
    assert found == ["a", "b"]
    assert [body.get("conversationIds") for body in bodies] == [["a", "b"]]
    assert bodies[0]["contentToRetrieve"] == list(DEFAULT_CONTENT)


def test_asks_one_by_one_for_what_the_answer_does_not_hold():
    found, bodies = by_id(holding("a"), ["a", "b", "c"])
    assert found == ["a"]
    assert [body.get("conversationId") for body in bodies] == [None, "b", "c"]


@pytest.mark.parametrize("trouble", [refusal(400), refusal(404), TooLarge("big")])
def test_asks_one_by_one_when_lists_are_not_understood_or_too_large(trouble):
    def reply(asked):
        if "conversationIds" not in asked.json:
            return holding("a", "b")(asked)
        if isinstance(trouble, Exception):
            raise trouble
        return trouble

    assert by_id(reply, ["a", "b"])[0] == ["a", "b"]


def test_splits_more_than_a_hundred_ids():
    ids = [f"c-{number}" for number in range(150)]
    found, bodies = by_id(holding(*ids), ids)
    assert (found, [len(body["conversationIds"]) for body in bodies]) == (ids, [100, 50])


@pytest.mark.parametrize("answer", [refusal(404), refusal(400), refusal(204), ok(envelope([])), ok({"_metadata": {}})])
def test_leaves_out_an_unknown_id(answer):
    assert by_id(answer, ["a"])[0] == []


@pytest.mark.parametrize("ids", [["a"], ["a", "b"]])
def test_raises_when_ids_are_refused_for_another_reason(ids):
    with pytest.raises(Refused):
        by_id(refusal(403), ids)


def test_refuses_an_answer_by_id_that_holds_no_list():
    for value in ([], {"conversationHistoryRecords": 5}, "text"):
        with pytest.raises(UnexpectedResponse):
            by_id(ok(value), ["a"])


def test_asks_for_nothing_when_no_id_is_given():
    assert by_id(ok({}), []) == ([], [])


def test_reads_all_conversations_of_a_consumer():
    def reply(asked):
        offset = int(asked.query["offset"])
        return ok(
            envelope([conversation(f"c-{number}") for number in range(offset, min(offset + 100, 130))], count=130)
        )

    fake = FakeAccount().on("/conversations/consumer/search", reply)
    assert len(fake.client().by_consumer("p-1", statuses=["CLOSE"])) == 130
    asked = fake.to("/consumer/search")[0]
    assert (asked.json["consumer"], asked.json["status"]) == ("p-1", ["CLOSE"])
    assert asked.query["source"] == "ReadbackSync"


@pytest.mark.parametrize("source", ["", "x" * 21, "a b", "é"])
def test_takes_no_source_that_the_api_refuses(source):
    with pytest.raises(ValueError, match="source"):
        FakeAccount().client(source=source)


def test_never_carries_credentials_to_a_host_outside_the_rule():
    fake = FakeAccount().on("baseURI", ok({"baseURI": "evil.example"}))
    for options in ({}, {"credentials": UserLogin("noor", "pass-word-9")}):
        with pytest.raises(OutboundRefused):
            fake.client(**options).search(start_from=1, start_to=2)
    assert {asked.url.split("/")[2] for asked in fake.asked} == {"api.liveperson.net"}


def test_shows_no_secret_of_its_own():
    client = FakeAccount().client(credentials=UserLogin("noor", "pass-word-9"))
    assert repr(client) == "Client('71830264')"


def test_raises_nothing_but_its_own_errors():
    with pytest.raises(LivePersonError):
        search(refusal(418))
