"""Switches of the planted effects, the file of their truth, and what holds whatever is on."""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from interactions.sandbox import Account, material
from interactions.sandbox.cli import add_options
from interactions.sandbox.effects import Effects
from interactions.sandbox.effects.asides import ASIDES
from interactions.sandbox.wording import AUTOMATIC

from .conftest import ANCHOR, ANCHOR_MS
from .seen import tokens

ROOT = Path(__file__).parents[3]
TEXTS = Path(material.__file__).parent / "texts"


def planted(text, **options):
    given = {"seed": 2, "conversations": 150, "days": 60, "anchor": ANCHOR, "effects": Effects.named(text)}
    return Account(**(given | options)).planted()


def options(*words):
    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("all", Effects.names()),
        ("none", []),
        ("words", ["words"]),
        ("mood,agents", ["agents", "mood"]),
        ("mix", ["skills", "mix"]),
    ],
)
def test_it_switches_on_what_is_named(text, on):
    assert Effects.named(text).on() == on


def test_it_names_what_it_does_not_know(capsys):
    with pytest.raises(SystemExit):
        options("--effects", "agents,weather")
    assert "no such effect: weather; there are agents, skills," in capsys.readouterr().err


def test_it_has_all_effects_unless_told_otherwise():
    assert options().effects == Account(conversations=1, anchor=ANCHOR).effects == Effects()


def sizes(truth):
    """Whether anything is planted in each part of a truth."""
    return {
        "agents": any(each["log_odds"] for each in truth["agents"]),
        "skills": any(each["log_odds"] for each in truth["skills"]),
        "words": any(each["odds_ratio"] != 1 for words in truth["words"].values() for each in words),
        "message": bool(truth["message"]["harming"]["log_odds"]),
        "raters": len({value for name, value in truth["raters"].items() if name.startswith("share")}) > 1,
        "mix": truth["mix"]["shares_else"] != truth["mix"]["shares_during"],
        "mood": truth["mood"]["follows"],
    }


@pytest.mark.parametrize("text", [*Effects.names(), "all", "none"])
def test_it_writes_sizes_of_what_is_on_and_of_nothing_else(text):
    assert [name for name, there in sizes(planted(text)).items() if there] == Effects.named(text).on()


def test_it_ranks_the_best_agent_first_and_lets_equals_share_a_rank():
    ranks = [(each["rank"], each["log_odds"]) for each in planted("all")["agents"]]
    assert [rank for rank, _ in ranks] == [1 + sum(other > size for _, other in ranks) for _, size in ranks]
    assert {each["rank"] for each in planted("none")["agents"]} == {1}


@pytest.mark.parametrize(
    ("days", "begin", "end"),
    [(90, "2026-05-01", "2026-06-01"), (34, "2026-05-01", "2026-06-01"), (30, "2026-05-24", "2026-06-03")],
)
def test_it_shifts_the_mix_in_the_last_whole_month_or_the_last_third(days, begin, end):
    mix = planted("mix", days=days)["mix"]
    assert (mix["from"][:10], mix["to"][:10]) == (begin, end)


def test_it_counts_every_conversation_once():
    truth = planted("all", conversations=1500)
    sides = truth["message"]["harming"]
    talks = sides["fired"]["conversations"] + sides["not_fired"]["conversations"]
    assert sum(each["conversations"] for each in truth["agents"]) < talks < 1500
    assert sides["fired"]["conversations"] / talks == pytest.approx(sides["share"], abs=0.04)


def test_it_agrees_with_the_records_on_who_rated_what():
    account = Account(seed=2, conversations=500, anchor=ANCHOR, live=True, clock=lambda: ANCHOR_MS / 1000 + 9e5)
    records = [json.loads(each)["info"] for each in account.records(list(range(500)), now=account.refresh())]
    given = [info.get("csatRate", info.get("csat")) for info in records if "csatRate" in info or "csat" in info]
    assert sum(given) / len(given) == pytest.approx(account.planted()["raters"]["mean_opinion"]["raters"], abs=1e-4)


@pytest.mark.parametrize("code", list(ASIDES))
def test_its_planted_words_occur_nowhere_else(code):
    texts = (TEXTS / f"{code}.txt").read_text(encoding="utf-8")
    others = tokens(texts + "\n".join(each[code] for each in AUTOMATIC.values()))
    for number, aside in enumerate(ASIDES[code]):
        siblings = tokens(" ".join(each.sentence for each in ASIDES[code][:number] + ASIDES[code][number + 1 :]))
        assert tokens(aside.word) <= tokens(aside.sentence)
        assert not tokens(aside.word) & (others | siblings)


def test_it_says_asides_in_the_first_message_of_the_consumer():
    sentences = [each.sentence for each in ASIDES["en"]]
    found = []
    for record in Account(seed=2, conversations=150, anchor=ANCHOR).truth():
        texts = [str((each["messageData"].get("msg") or {}).get("text", "")) for each in record["messageRecords"]]
        found += [number for number, text in enumerate(texts) if any(f"\n{each}." in text for each in sentences)]
    assert set(found) == {0}


@pytest.mark.parametrize("conversations", [1, 2, 7])
def test_it_goes_on_where_no_story_fits(conversations):
    account = Account(conversations=conversations, anchor=ANCHOR, live=True, clock=lambda: ANCHOR_MS / 1000 + 5 * 3600)
    assert len(list(account.truth())) > conversations + 200


def test_it_tells_the_same_account_otherwise_when_effects_differ():
    one, two = (Account(seed=3, conversations=60, anchor=ANCHOR, effects=Effects.named(x)) for x in ("all", "none"))
    assert [each["info"]["conversationId"] for each in one.truth()] == [
        each["info"]["conversationId"] for each in two.truth()
    ]
    assert list(one.truth()) != list(two.truth())


def command(*words):
    words = (sys.executable, "-m", "interactions.sandbox", "--conversations", "30", *words)
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_it_writes_the_truth_before_it_listens(tmp_path):
    file = tmp_path / "truth.json"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert command("--effects", "words,agents", "--truth", str(file), "--port", port).returncode == 1
    truth = json.loads(file.read_text(encoding="utf-8"))
    assert [name for name, value in truth["effects"].items() if value] == ["agents", "words"]


def test_it_says_where_the_truth_cannot_be_written(tmp_path):
    file = tmp_path / "missing" / "truth.json"
    done = command("--truth", str(file))
    assert (done.returncode, done.stderr) == (1, f"Cannot write {file}: No such file or directory.\n")
