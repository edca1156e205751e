"""Planted effects as an analysis sees them: found in their size when on, not found when off."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from interactions.sandbox import Account
from interactions.sandbox.effects import Effects

from .conftest import ANCHOR
from .seen import STRICT, Seen, log_odds_ratio, logit, p_of_ranks, p_of_table, p_of_words, tokens

MANY = 8_000  # more than three conversations to a story, so that what stories share would show


def account(effects):
    return Account(seed=11, conversations=MANY, anchor=ANCHOR, effects=effects)


@pytest.fixture(scope="module")
def planted():
    return account(Effects()).planted()


@pytest.fixture(scope="module")
def on():
    return Seen(account(Effects()).truth())


@pytest.fixture(scope="module")
def off():
    return Seen(account(Effects.none()).truth())


def sizes(seen, planted, kind, key):
    """The planted log-odds of each row's agent or skill; 0 where there is none."""
    known = {each[key]: each["log_odds"] for each in planted[kind]}
    return np.array([known.get(each, 0.0) for each in seen.labels[kind[:-1]]])


@pytest.fixture(scope="module")
def drivers(on, planted):
    """Of a rating of 4 or 5: name -> (found, its error). Agents and skills are fitted in units of what was planted."""
    rows = on.rated & on.served
    columns = {"agents": sizes(on, planted, "agents", "id"), "skills": sizes(on, planted, "skills", "name")}
    columns |= {side: on.has(planted["message"][side]["event_id"]) for side in ("harming", "harmless")}
    found, errors = logit(np.column_stack([each[rows] for each in columns.values()]), on.csat[rows] > 3)
    return dict(zip(columns, zip(found, errors, strict=True), strict=True))


@pytest.mark.parametrize("name", ["agents", "skills", "harming", "harmless"])
def test_its_agents_skills_and_messages_come_out_as_planted(drivers, planted, name):
    found, error = drivers[name]
    size = planted["message"][name]["log_odds"] if name in planted["message"] else 1.0
    assert abs(found - size) < 3 * error
    assert error < 0.2
    assert (abs(found) > 5 * error) == (name != "harmless")


def test_its_better_agents_do_better_than_colleagues_of_their_skill(on, planted):
    level = {each["id"]: each["log_odds"] for each in planted["agents"]}
    outcomes = []
    for skill in {each["name"] for each in planted["skills"]}:
        rows = on.rated & on.served & (on.labels["skill"] == skill)
        happy = {key: on.csat[rows & (on.labels["agent"] == key)] > 3 for key in level}
        share = {key: each.mean() for key, each in happy.items() if len(each) >= 25}
        outcomes += [share[a] > share[b] for a in share for b in share if level[a] > level[b] + 0.3]
    assert len(outcomes) > 15
    assert np.mean(outcomes) > 0.8


@pytest.mark.parametrize(("skill", "sign"), [("Billing", -1), ("Repairs", -1), ("Product advice", 1)])
def test_it_makes_hard_skills_hard_and_easy_ones_easy(on, skill, sign):
    mine, usual = (on.rated & on.served & (on.labels["skill"] == each) for each in (skill, "Delivery"))
    found, error = log_odds_ratio(mine[mine | usual], on.csat[mine | usual] > 3)
    assert sign * found > 2 * error


def test_its_better_agents_have_better_scores(on, planted):
    rows = on.served & (on.mcs >= 0)
    level = sizes(on, planted, "agents", "id")[rows]
    assert stats.spearmanr(level, on.mcs[rows]).pvalue < STRICT
    assert np.polyfit(level, on.mcs[rows], 1)[0] > 2


@pytest.mark.parametrize("place", range(9))
def test_its_words_are_said_by_the_unhappy_as_often_as_planted(on, planted, place):
    asides = [words[place] for words in planted["words"].values()]
    said = np.zeros(len(on.csat), bool)
    for code, each in zip(planted["words"], asides, strict=True):
        said |= (on.labels["language"] == code) & on.says(tokens(each["word"]))
    found, error = log_odds_ratio(said[on.rated], on.csat[on.rated] <= 2)
    assert abs(found - np.log(asides[0]["odds_ratio"])) < 3 * error
    assert asides[0]["control"] or place > 4 or found > 4 * error


def test_its_raters_are_happier_than_the_others(on, planted):
    means = planted["raters"]["mean_opinion"]
    assert means["raters"] > means["all"] + 0.2 > means["others"] + 0.2
    assert on.csat[on.rated].mean() == pytest.approx(means["raters"], abs=0.02)  # some are still open
    scores = [on.mcs[on.served & (on.mcs >= 0) & each].mean() for each in (on.rated, ~on.rated)]
    assert scores[0] > scores[1] + 2


def test_it_falls_in_the_month_of_the_shift_though_no_skill_does(on, planted):
    begin, end = (np.datetime64(planted["mix"][key][:19], "ms").astype(int) for key in ("from", "to"))
    during = (on.start >= begin) & (on.start < end)

    def fall(rows):
        return stats.mannwhitneyu(on.csat[rows & during], on.csat[rows & ~during], alternative="less").pvalue

    rows = on.rated & on.served
    assert fall(rows) < STRICT
    assert min(fall(rows & (on.labels["skill"] == each["name"])) for each in planted["skills"]) > 0.01


@pytest.mark.parametrize("label", ["channel", "device"])
def test_nothing_else_goes_with_ratings(on, label):
    assert p_of_table(on.labels[label][on.rated], on.csat[on.rated]) > 0.001


LABELS = ["agent", "any_agent", "skill", "channel", "device", "language", "closed_by", "length"]


@pytest.mark.parametrize("label", LABELS)
def test_it_shows_no_difference_in_ratings_when_off(off, label):
    assert p_of_table(off.labels[label][off.rated], off.csat[off.rated]) > 0.001


@pytest.mark.parametrize("label", LABELS)
def test_it_shows_no_difference_in_scores_when_off(off, label):
    scored = off.mcs >= 0
    assert p_of_ranks(off.labels[label][scored], off.mcs[scored]) > 0.001


def test_it_shows_no_difference_between_months_weeks_and_hours_when_off(off):
    for span in (30 * 86_400_000, 7 * 86_400_000, 3_600_000):
        labels = off.start // span % (24 if span == 3_600_000 else 100)
        assert p_of_table(labels[off.rated], off.csat[off.rated]) > 0.001


def test_it_lets_nothing_say_who_rates_when_off(off):
    for label in ("agent", "skill", "channel"):
        labels = off.labels[label][off.served]
        assert p_of_table(labels, off.rated[off.served]) > 0.001
    scored = off.served & (off.mcs >= 0)
    assert p_of_ranks(off.rated[scored], off.mcs[scored]) > 0.001


@pytest.mark.parametrize("event", ["AGENT_NON_RESPONSIVE", "AGENT_UPDATED_RESPONSE_TIME", "CONV_AWAITING_IN_QUEUE"])
def test_its_messages_do_nothing_when_off(off, event):
    fired = off.has(event)
    assert p_of_table(fired[off.rated], off.csat[off.rated]) > 0.001
    assert p_of_ranks(fired[off.mcs >= 0], off.mcs[off.mcs >= 0]) > 0.001


@pytest.mark.parametrize("figure", ["csat", "mcs"])
def test_its_words_go_with_nothing_when_off(off, figure):
    values = getattr(off, figure)
    rows = np.flatnonzero(values > 0)
    found = p_of_words([off.words[row] for row in rows], values[rows])
    assert len(found) > 500
    assert min(found.values()) > 0.01 / len(found)
    assert 0.02 < np.mean([each < 0.05 for each in found.values()]) < 0.08


def test_its_ratings_and_scores_know_nothing_of_each_other_when_off(off):
    both = off.rated & (off.mcs >= 0)
    assert stats.spearmanr(off.csat[both], off.mcs[both]).pvalue > 0.001
