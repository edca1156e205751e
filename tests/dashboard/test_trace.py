"""The course of the score and who held the conversation: geometry and words, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.transcript import Story, build
from dashboard.transcript.drawing import svg
from dashboard.transcript.holders import QUEUE, holder_at, stretches
from dashboard.transcript.trace import AIR, HEIGHT, course, height_of
from interactions.models import Agent, Conversation, Message, Participation, Transfer

START = datetime(2026, 11, 20, 13, 41, tzinfo=UTC)
NOOR = Agent(pk=1, liveperson_id="1", full_name="Noor Haddad")
BOT = Agent(pk=2, liveperson_id="2", full_name="Pine Bot", kind="bot")
SYSTEM = Agent(pk=3, liveperson_id="3", full_name="System", kind="system")


def at(seconds):
    return START + timedelta(seconds=seconds)


def talk(**fields):
    return Conversation(**{"pk": 5, "started_at": START, "status": "closed", "ended_at": at(1000), **fields})


def joins(agent, seconds, part="assigned"):
    return Participation(agent=agent, part=part, joined_at=at(seconds))


def moves(seconds, **fields):
    return Transfer(at=at(seconds), reason="Skill", **fields)


def said(seconds, mcs=None, raw=None, speaker="consumer", agent=None):
    return Message(
        pk=seconds + 1, speaker=speaker, agent=agent, sent_at=at(seconds), text="words", type="TEXT_PLAIN",
        message_id=f"m{seconds}", seq=seconds, mcs=mcs, raw_score=raw,
    )  # fmt: skip


def held(participations, transfers=(), **fields):
    found = stretches(talk(**fields), participations, transfers)
    return [(each.name, (each.start - START).seconds, each.end and (each.end - START).seconds) for each in found]


@pytest.mark.parametrize(
    ("people", "transfers", "expected"),
    [
        ([], [], []),
        ([joins(NOOR, 5)], [], [("Noor Haddad", 5, 1000)]),
        ([joins(NOOR, 5), joins(NOOR, 90)], [], [("Noor Haddad", 5, 1000)]),
        (
            [joins(BOT, 1), joins(NOOR, 300)],
            [moves(100)],
            [("Pine Bot", 1, 100), (QUEUE, 100, 300), ("Noor Haddad", 300, 1000)],
        ),
        ([joins(BOT, 1), joins(NOOR, 100)], [moves(100)], [("Pine Bot", 1, 100), ("Noor Haddad", 100, 1000)]),
        (
            [joins(BOT, 1)],
            [moves(100, target_agent=NOOR)],
            [("Pine Bot", 1, 100), ("Noor Haddad", 100, 1000)],
        ),
        ([joins(SYSTEM, 1), joins(NOOR, 5), joins(BOT, 50, "manager")], [], [("Noor Haddad", 5, 1000)]),
        # The bot of the survey comes after the end.
        ([joins(NOOR, 5), joins(BOT, 1001)], [moves(1002)], [("Noor Haddad", 5, 1000)]),
    ],
)
def test_says_who_held_it_when(people, transfers, expected):
    assert held(people, transfers) == expected


def test_leaves_the_last_stretch_open_while_the_conversation_is():
    assert held([joins(NOOR, 5)], status="open", ended_at=None) == [("Noor Haddad", 5, None)]


def test_knows_who_was_responsible_at_an_instant():
    found = stretches(talk(), [joins(BOT, 10), joins(NOOR, 20)], [])
    assert [holder_at(found, when) for when in (at(5), at(10), at(30), None)] == [None, BOT, NOOR, None]


def test_marks_what_somebody_else_wrote_than_who_was_responsible():
    manager = Agent(pk=7, liveperson_id="7", full_name="Ruth Abernethy")
    messages = [said(30, speaker="agent", agent=NOOR), said(40, speaker="agent", agent=manager)]
    found = build(Story(talk(), messages, participations=[joins(NOOR, 5)]), START).lines
    assert [line.marks for line in found if line.kind == "turn"] == [(), ("while Noor Haddad was responsible",)]


def made(*messages, **story):
    return build(Story(talk(), messages, **story), START)


def test_puts_messages_in_order_and_scores_by_height():
    trace = made(said(0, 100), said(1), said(2, 0, raw=-50), said(3, 50)).trace
    assert [(dot.x, dot.y) for dot in trace.dots] == [
        ("12.50%", AIR),
        ("62.50%", HEIGHT - AIR),
        ("87.50%", HEIGHT / 2),
    ]
    assert [(join.x1, join.x2) for join in trace.joins] == [("12.50%", "62.50%"), ("62.50%", "87.50%")]
    assert trace.dots[1].tick == (height_of(50), height_of(50) + 5)
    assert [dot.is_fall for dot in trace.dots] == [False, True, False]
    assert course(trace) == "100 → 0 → 50"


def test_draws_nothing_where_nothing_was_scored():
    assert made(said(0), said(1, None, raw=None)).trace is None
    assert course(None) == ""


def test_draws_holders_as_alternating_bands_and_transfers_as_ticks():
    messages = [said(seconds, 50) for seconds in (10, 20, 30, 40)]
    story = {"participations": [joins(BOT, 0), joins(NOOR, 25)], "transfers": [moves(25)]}
    trace = made(*messages, **story).trace
    assert [(band.name, band.x, band.width, band.is_hatched) for band in trace.bands] == [
        ("Pine Bot", "0.00%", "50.00%", False),
        ("Noor Haddad", "50.00%", "50.00%", True),
    ]
    assert trace.transfers == ["50.00%"]


def test_draws_no_holder_before_the_first_is_known():
    messages = [said(seconds, 50) for seconds in (10, 20, 30, 40)]
    bands = made(*messages, participations=[joins(NOOR, 35)]).trace.bands
    assert [(band.name, band.x, band.width) for band in bands] == [("Noor Haddad", "75.00%", "25.00%")]


@pytest.mark.parametrize(("count", "radius"), [(149, "2.5"), (150, "1.5"), (1000, "1.0")])
def test_draws_smaller_dots_where_many_would_cover_each_other(count, radius):
    drawn = svg(made(*(said(second, 40 + second % 9) for second in range(count))).trace)
    assert drawn.count(f'r="{radius}"') >= count - 1 and ("is-crowded" in drawn) is (count >= 150)


def test_prints_names_in_the_picture_as_text():
    hostile = Agent(pk=9, liveperson_id="9", full_name='</svg><script>"x"')
    drawn = svg(made(said(10, 50), participations=[joins(hostile, 0)]).trace)
    assert "<script" not in drawn and "&lt;script" in drawn and "style=" not in drawn
