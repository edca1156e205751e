"""The columns of the list: which there are, what stands in them, and how a person chooses them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import columns
from dashboard.models import ColumnChoice
from interactions.search import SORTS
from tests import factories

LIST = "/conversations/"
USUAL = "Mark Started Consumer Agent Skill CSAT MCS|MCS path|First reply|Duration Msgs|Closed by"
TO_CHOOSE = (
    "Ended Group Channel Device Survey NPS Solved Transfers|Longest reply|Bot share|Largest fall|Credited agent|"
    "Tags|Notes|Flagged by|Reviewed by|Last review|Conversation id"
)


def headings(text: str) -> list[str]:
    return re.findall(r'<th scope="col" data-column="(\w+)"', text)


def cell(text: str, key: str) -> str:
    """What a reader sees in the first cell of a column, reasons for screen readers included."""
    found = re.search(rf'<td class="cell-{key}[^"]*">(.*?)</td>', text, flags=re.DOTALL)
    assert found, text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])).strip()


@pytest.fixture
def client(analyst: User, client_for) -> Client:
    return client_for(analyst)


def test_holds_the_usual_columns_in_their_order_and_those_to_choose() -> None:
    every = [column.heading for column in columns.COLUMNS.values()]
    named = [part for given in (USUAL, TO_CHOOSE) for part in _parts(given)]
    assert every == named
    assert [columns.COLUMNS[key].heading for key in columns.USUAL] == _parts(USUAL)


def _parts(given: str) -> list[str]:
    """Headings of one word stand between blanks, those of two between bars."""
    return [word for part in given.split("|") for word in ([part] if _is_pair(part) else part.split(" "))]


def _is_pair(part: str) -> bool:
    return part in {"MCS path", "First reply", "Closed by"} or part in TO_CHOOSE.split("|")[1:]


def test_sorts_only_by_orders_that_there_are() -> None:
    assert {column.sort for column in columns.COLUMNS.values()} - {""} <= set(SORTS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["csat", "started_at"], ("csat", "started_at")),
        (["csat"], ("started_at", "csat")),
        (["csat", "csat", "started_at", "colour"], ("csat", "started_at")),
        ([], columns.USUAL),
        (["colour"], columns.USUAL),
        (None, columns.USUAL),
        ("csat", columns.USUAL),
        ([1, None, {}, "mcs", "started_at"], ("mcs", "started_at")),
    ],
)
def test_makes_something_that_can_be_shown_of_every_choice(given: object, expected: tuple[str, ...]) -> None:
    assert columns.known(given) == expected


@pytest.mark.parametrize(
    ("key", "step", "expected"),
    [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("x", 1, "abc")],
)
def test_moves_a_column_one_place(key: str, step: int, expected: str) -> None:
    assert columns.moved(tuple("abc"), key, step) == tuple(expected)


def test_tells_the_style_sheet_how_much_room_is_needed_with_and_without_the_path() -> None:
    assert columns.room_of(columns.USUAL) == columns.Room(1068, 868)
    assert not columns.room_of(columns.USUAL).may_scroll
    assert columns.room_of(tuple(columns.COLUMNS)).may_scroll
    assert columns.room_of(("started_at", "mcs")) == columns.Room(868, 868)


def test_knows_a_box_in_which_all_columns_fit() -> None:
    """And so does the style sheet, which gives each box by name."""
    every = sum(column.width for column in columns.COLUMNS.values())
    room = columns.room_of(tuple(columns.COLUMNS))
    sheet = (Path(__file__).resolve().parents[2] / "static/css/list.css").read_text()
    assert room.needs >= every and f'[data-needs="{room.needs}"] {{ --needs: {room.needs}px; }}' in sheet


def test_escapes_what_liveperson_names_once(client: Client) -> None:
    named = {"close_reason": "q&a's", "channel": "r&d", "device": "<b>x"}
    factories.conversation(agents=[factories.agent("Tom & <i>Co", factories.group("A&B"))], **named)
    text = client.get(f"{LIST}?columns={columns.written(columns.COLUMNS)}").content.decode()
    assert "&amp;amp;" not in text and "&amp;#" not in text and "&amp;lt;" not in text
    assert "<b>x" not in text.lower() and "<i>co" not in text.lower()
    assert cell(text, "channel") == "R&amp;d"


def test_prints_every_column_that_can_be_chosen(client: Client) -> None:
    person = factories.agent("Noor Haddad", factories.group("Delivery team"))
    factories.conversation(
        agents=[person],
        messages=[("consumer", "Hi"), ("bot", "Hello"), ("agent", "Hello"), ("agent", "Yes"), ("automatic", "Wait")],
        conversation_id="abc-1",
        channel="shark",
        device="mobile",
        survey="answered",
        nps=7,
        fcr=True,
        transfer_count=2,
        longest_response_seconds=3900,
        mcs_fall=44,
    )
    text = client.get(f"{LIST}?columns={columns.written(columns.COLUMNS)}").content.decode()
    assert headings(text) == list(columns.COLUMNS)
    expected = {
        "group": "Delivery team",
        "channel": "Web",
        "device": "Mobile",
        "survey": "Answered",
        "nps": "7",
        "fcr": "Yes",
        "transfers": "2",
        "longest_response": "1 h 5 m",
        "bot_share": "33%",
        "mcs_fall": "44",
        "credited": "Noor Haddad",
        "conversation": "abc-1",
    }
    assert {key: cell(text, key) for key in expected} == expected
    assert cell(text, "ended_at")


def test_says_why_there_is_nothing_in_a_cell(client: Client) -> None:
    factories.conversation(status="open")
    text = client.get(f"{LIST}?columns={columns.written(columns.COLUMNS)}").content.decode()
    expected = {
        "ended_at": "still open",
        "group": "no group",
        "nps": "not answered",
        "fcr": "not answered",
        "longest_response": "no human reply",
        "bot_share": "nobody answered",
        "mcs_fall": "fewer than two scores",
        "credited": "nobody credited",
        "tags": "no tag",
        "notes": "no note",
        "flag": "no flag",
        "reviewed_by": "not reviewed",
        "reviewed_at": "not reviewed",
    }
    assert {key: cell(text, key).removeprefix("–") for key in expected} == expected


def test_keeps_what_rows_of_two_lines_show(client: Client) -> None:
    factories.conversation(csat=2)
    text = client.get(f"{LIST}?columns=started_at.nps").content.decode()
    assert headings(text) == ["started_at", "nps"]
    hidden = re.findall(r'<t[dh][^>]*class="cell-(\w+)[^"]* narrow-only"', text)
    assert hidden == ["mark", "csat", "consumer", "agent", "mcs"]


@pytest.mark.parametrize("given", ["colour", "csat.colour", "csat,mcs", "CSAT", "a" * 50, "%00"])
@pytest.mark.parametrize("path", [LIST, "/conversations.csv", "/?period=28d&zone=UTC"])
def test_refuses_columns_that_there_are_not(client: Client, path: str, given: str) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}columns={given}")
    assert answer.status_code == 400
    body = b"".join(answer) if answer.streaming else answer.content
    assert b"columns" in body


def test_shows_the_columns_of_a_person_from_then_on(client: Client, analyst: User) -> None:
    factories.conversation(csat=1)
    answer = client.post("/columns/?csat=1", {"order": ["csat", "started_at", "nps"], "show": ["csat", "nps"]})
    assert answer.url == "/conversations/?csat=1"
    assert ColumnChoice.objects.get(user=analyst).columns == ["csat", "started_at", "nps"]
    assert headings(client.get(answer.url).content.decode()) == ["csat", "started_at", "nps"]


def test_goes_back_to_the_usual_columns(client: Client, analyst: User) -> None:
    ColumnChoice.objects.create(user=analyst, columns=["nps"])
    factories.conversation()
    assert client.post("/columns/", {"usual": "1"}).url == LIST
    assert not ColumnChoice.objects.exists()
    assert headings(client.get(LIST).content.decode()) == list(columns.USUAL)


def test_moves_a_row_of_the_form_without_keeping_anything(client: Client) -> None:
    answer = client.post(
        "/columns/?csat=1", {"order": list(columns.COLUMNS), "show": ["csat", "nps"], "up": "nps"}
    ).content.decode()
    order = re.findall(r'name="order" value="(\w+)"', answer)
    assert order.index("nps") == list(columns.COLUMNS).index("nps") - 1
    assert re.findall(r'name="show" value="(\w+)" checked', answer) == ["started_at", "csat", "nps"]
    assert re.search(r'name="up" value="nps"[^>]* autofocus', answer)
    assert 'action="/columns/?csat=1"' in answer and not ColumnChoice.objects.exists()


def test_lists_every_column_once_whatever_is_sent(client: Client) -> None:
    answer = client.post("/columns/", {"order": ["nps", "nps", "colour"], "show": ["colour"], "down": "colour"})
    order = re.findall(r'name="order" value="(\w+)"', answer.content.decode())
    assert sorted(order) == sorted(columns.COLUMNS) and order[0] == "nps"


def test_shows_the_form_with_the_chosen_columns_first(client: Client, analyst: User) -> None:
    ColumnChoice.objects.create(user=analyst, columns=["nps", "started_at"])
    text = client.get("/columns/").content.decode()
    assert re.findall(r'name="order" value="(\w+)"', text)[:3] == ["nps", "started_at", "mark"]


def test_leads_to_the_list_where_its_address_is_wrong(client: Client) -> None:
    assert client.get("/columns/?colour=red").url == "/conversations/?colour=red"


def test_keeps_one_persons_columns_from_the_next(client: Client, administrator: User) -> None:
    ColumnChoice.objects.create(user=administrator, columns=["nps"])
    factories.conversation()
    assert headings(client.get(LIST).content.decode()) == list(columns.USUAL)


def test_asks_the_database_as_often_for_fifty_rows_of_all_columns_as_for_five(client: Client) -> None:
    address = f"{LIST}?columns={columns.written(columns.COLUMNS)}"

    def fill(number: int) -> None:
        for n in range(number):
            factories.conversation(
                agents=[factories.agent(group=factories.group())],
                skill=factories.skill(),
                consumer=factories.consumer(),
                started_at=timezone.now() - timedelta(minutes=n),
            )

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    fill(5)
    few = queries()
    fill(45)
    assert queries() == few


def test_sends_a_stranger_to_sign_in(db: None) -> None:
    assert Client().get("/columns/").url == "/login/?next=/columns/"
