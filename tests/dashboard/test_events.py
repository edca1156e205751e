"""Joins and transfers between the messages: each said, and none said twice."""

import pytest

from interactions.models import Participation, Transfer
from tests.dashboard.test_transcript import BOT, NOOR, at, lines, said


def joins(seconds, part="assigned", agent=NOOR):
    return Participation(agent=agent, part=part, joined_at=at(seconds))


def events(found):
    return [line.text.removeprefix("Noor Haddad ") for line in found if line.kind == "event" and line.what != "close"]


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([joins(10), joins(12)], ["took the conversation"]),
        ([joins(10), joins(12, "joined")], ["took the conversation"]),
        ([joins(10), joins(600)], ["took the conversation"] * 2),
        ([joins(10, "joined"), joins(10)], ["joined", "took the conversation"]),
        ([joins(10, "suggested"), joins(12)], ["was suggested", "took the conversation"]),
        ([joins(10), joins(12, "manager")], ["took the conversation", "joined as manager"]),
        ([joins(10, "reader"), joins(600)], ["reads along", "took the conversation"]),
        ([joins(10), joins(12, agent=BOT)], ["took the conversation", "Pine Bot took the conversation"]),
    ],
)
def test_says_whatever_a_person_came_to_do(people, words):
    assert events(lines(said("consumer", 0), said("agent", 5000), participations=people)) == words


@pytest.mark.parametrize(
    ("seconds", "between", "is_said"),
    [(1, [], False), (900, [], True), (4, [said("consumer", 12)], True), (4, [said("automatic", 12, rule=1)], False)],
)
def test_says_when_somebody_came_after_a_handing_over(seconds, between, is_said):
    moved = Transfer(at=at(10), reason="Agent", target_agent=NOOR)
    story = {"transfers": [moved], "participations": [joins(10 + seconds)]}
    found = events(lines(said("consumer", 0), *between, said("agent", 5000), **story))
    assert found == ["Transfer to an agent to Noor Haddad", *["took the conversation"] * is_said]


@pytest.mark.parametrize("is_timed", [True, False])
def test_says_both_where_nobody_knows_when_the_handing_over_was(is_timed):
    moved = Transfer(at=None, reason="Agent", target_agent=NOOR)
    joined = joins(0) if is_timed else Participation(agent=NOOR, part="assigned")
    found = events(lines(said("agent", 5000), transfers=[moved], participations=[joined]))
    assert found == ["Transfer to an agent to Noor Haddad", *["took the conversation"] * is_timed]
