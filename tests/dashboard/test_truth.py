"""Every filter and sort over an imported account, held against LivePerson's own JSON.

The product reads the account as always: client, parser, import. The answers come from the JSON alone (`tests.truth`).
`TRUTH_SEED` asks the questions of a failed run again; it is printed with them.
"""

import calendar
import os
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from interactions.ingest import account
from interactions.models import AgentGroup, Consumer, Conversation
from interactions.sandbox import Account, serve
from interactions.search import FILTERS, PARAMETERS, parse
from interactions.search.columnar import copy
from interactions.search.facets import mcs_bin
from interactions.search.filters.people import CREDIT
from tests import columns, factories
from tests.agreement import DIRECTED, ZONES, Reader, drawn, lines
from tests.dashboard.test_conversation_export import HEADINGS
from tests.interactions.ingest.conftest import Clock, Importer, client_of
from tests.interactions.sandbox.conftest import Caller
from tests.matching import in_order, matching
from tests.truth import Truth, beginnings, frequent, phrases

# Clocks change within the 90 days: in St John's on 8 March, in Paris on the 29th, in Auckland on 5 April.
ANCHOR = datetime(2026, 5, 20, tzinfo=UTC)
CONVERSATIONS = 200
GROUP = "880160110"  # holds three more below it
SEED = int(os.environ.get("TRUTH_SEED", "0")) or Random().randrange(1, 10**6)
ROUNDS = 15
NAMES = ("csat", "mcs_band", "fcr", "survey", "handled_by", "status", "channel", "device", "language", "close_reason")
RANGES = ("csat", "mcs", "mcs_fall", "nps", "first_response", "duration", "transfers")
COLUMNS = {"first_response": "first_response_seconds", "duration": "duration_seconds", "transfers": "transfer_count"}


@pytest.fixture(scope="module")
def served():
    with serve(Account(seed=3, conversations=CONVERSATIONS, days=90, anchor=ANCHOR)) as running:
        yield running


@pytest.fixture(scope="module")
def records(served):
    """What the account's own calls give, in full and without any of our code."""
    caller = Caller(served)
    head = {"start": {"from": int(ANCHOR.timestamp() - 90 * 86_400) * 1000, "to": int(ANCHOR.timestamp()) * 1000}}
    idents = [each["info"]["conversationId"] for each in caller.all(head)]
    content = ["messageRecords", "agentParticipants", "agentParticipantsActive", "agentParticipantsLeave", "dialogs"]
    content += ["consumerParticipants", "transfers", "interactions", "messageScores", "conversationSurveys"]
    found = []
    for at in range(0, len(idents), 100):
        body = {"conversationIds": idents[at : at + 100], "contentToRetrieve": content}
        found += caller.post("conversation/search", body, limit=100).json()["conversationHistoryRecords"]
    assert len(found) == len(idents)
    return found


@pytest.fixture(scope="module")
def known(served, records):
    caller = Caller(served)
    automatic = caller.get("engagement-window/unified-auto-messages", v="1.0").json()
    groups = caller.get("le-users/agentGroups", v="4.0", include_deleted="true", select="$all").json()
    return Truth(records, automatic, groups)


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker, served, known):
    """The account in the database, once for all tests of this file; only what each of them adds is rolled back."""
    clock = Clock()
    clock.now = ANCHOR
    with django_db_blocker.unblock(), override_settings(BACKFILL_DAYS=95):
        try:
            account.pin(served.account.id)
            Importer(served, client_of(served), clock).run()
            yield known
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def truth(imported, db):
    """Its rows know their keys, which are the one thing that only the database can tell."""
    keys = dict(Conversation.objects.values_list("conversation_id", "pk"))
    consumers = dict(Consumer.objects.values_list("participant_id", "pk"))
    assert keys.keys() == {row["conversation_id"] for row in imported.rows}
    for row, told in zip(imported.rows, imported.told, strict=True):
        row["id"], row["consumer"] = keys[row["conversation_id"]], consumers.get(told.consumer_id)
    return imported


@pytest.fixture
def all_seeing(truth, analyst):
    return Reader(analyst, truth.rows)


@pytest.fixture
def one_group(truth):
    user = factories.user("supervisor", groups=[AgentGroup.objects.get(liveperson_id=GROUP)])
    rows = truth.seen_by([GROUP])
    assert 10 < len(rows) < len(truth.rows) - 10
    return Reader(user, rows)


# What readers leave behind, of which LivePerson's JSON tells nothing.
MARKS = ("reviewed", "flag", "tag", "note")
UNMARKED = ["", "", "0", "", ""]


def spread(values, most=4):
    """Some of the values that there are, the ends among them."""
    found = sorted(set(values))
    return [str(found[index * (len(found) - 1) // (most - 1)]) for index in range(most)] if found else []


def offered(truth):
    """For every parameter values that this account gives an answer to."""
    rows = truth.rows
    words = frequent(truth.told, 120)[::12]
    found = {name: [choice.value for choice in PARAMETERS[name].choices] for name in ("weekday", "mcs", "credit")}
    for name in NAMES:
        codes = {row[name] for row in rows if row[name] not in (None, "")}
        found[name] = sorted({str(int(code)) if isinstance(code, bool) else str(code) for code in codes})
    found["csat"].append("none")
    found |= {"comment": ["0", "1"], "first_contact": ["0", "1"], "queue": ["in_queue", "active"]}
    found |= {"hour": ["0", "2", "9", "13", "23"], "said_by": ["consumer", "agent", "bot", "note", "comment"]}
    people = sorted({agent for row in rows for agent in row["any_agent"]})
    found |= {"agent": people[::2], "last_agent": people[::3], "credited": people[1::3]}
    found |= {name: spread(row[name] for row in rows if row[name]) for name in ("group", "skill", "consumer")}
    found["conversation"] = [rows[0]["conversation_id"], rows[-1]["conversation_id"]]
    for name in RANGES:
        values = spread(row[COLUMNS.get(name, name)] for row in rows if row[COLUMNS.get(name, name)] is not None)
        found |= {f"{name}_{end}": values for end in ("min", "max")}
    days = [*spread(row["started_at"].date() for row in rows), "2026-03-08", "2026-03-29", "2026-04-05"]
    found |= {f"{name}_{end}": days for name in ("started", "ended") for end in ("from", "to")}
    pairs = zip(words, words[3:], strict=False)
    asked = [form.format(*pair) for pair in pairs for form in ("{0} {1}", "{0} OR {1}", "{0} -{1}", "-{0}")]
    return found | {"q": words + asked[::3] + said_otherwise(truth)}


def said_otherwise(truth):
    """Phrases, beginnings and words of other scripts, from the account's own lines."""
    plain, others = (frequent(truth.told, 120, is_ascii=is_ascii) for is_ascii in (True, False))
    found = [
        *phrases(truth.told, plain)[::20],
        *phrases(truth.told, plain, 3)[::30],
        *beginnings(truth.told, plain)[::20],
    ]
    found += [*others[:9:3], *phrases(truth.told, others)[:9:3], *beginnings(truth.told, others)[:9:3]]
    return [*found, f"-{found[0]}", f"{others[0]} -{others[1]}", f"{found[0]} OR {others[0]}"]


def test_asks_about_every_filter(truth):
    apart = {"period", "sort", "seed", "zone", "page", "view", "columns", *MARKS}
    found = offered(truth)
    assert found.keys() == PARAMETERS.keys() - apart
    assert [name for name, values in found.items() if not values] == []


def test_searches_phrases_beginnings_and_other_scripts(truth, all_seeing, one_group):
    asked = said_otherwise(truth)
    assert len([each for each in asked if not each.isascii()]) > 8 and len(set(asked)) == len(asked)
    counts = []
    for words in asked:
        for reader in (all_seeing, one_group):
            reader.check({"q": [words]}, files=False)
        counts.append(len(matching(truth.rows, {"q": [words]}, "UTC")))
    assert 0 not in counts and len(truth.rows) not in counts


def days_of(period, today):
    """First and last day, by the calendar."""
    if period in ("this_month", "last_month"):
        year, month = (
            (today.year, today.month) if period == "this_month" else divmod(today.year * 12 + today.month - 2, 12)
        )
        month += period == "last_month"
        last = date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, 1), min(last, today)
    back = {"today": (0, 0), "yesterday": (1, 1), "7d": (6, 0), "28d": (27, 0)}[period]
    return tuple(today - timedelta(days) for days in back)


@pytest.mark.parametrize("period", [choice.value for choice in PARAMETERS["period"].choices])
def test_knows_which_days_a_period_means(truth, all_seeing, one_group, period):
    counts = []
    for now in (ANCHOR, ANCHOR - timedelta(hours=1), datetime(2026, 3, 31, 23, 30, tzinfo=UTC), ANCHOR.replace(day=1)):
        for zone in ZONES:
            days = days_of(period, now.astimezone(ZoneInfo(zone)).date())
            bounds = {f"started_{end}": [day.isoformat()] for end, day in zip(("from", "to"), days, strict=True)}
            query = parse({"period": [period], "zone": [zone]}, zone="UTC", now=now).query
            for reader in (all_seeing, one_group):
                expected = in_order(matching(reader.rows, bounds, zone), "-started_at")
                found = [row.pk for row in query.rows(reader.user, size=len(reader.rows) + 1).rows]
                assert (found, query.count(reader.user)) == (expected, len(expected)), (now, zone)
                counts.append(len(expected))
    assert any(counts)


def test_writes_each_conversation_as_liveperson_tells_it(truth, all_seeing):
    for zone in ZONES[:2]:
        written = all_seeing.whole("conversations", zone)
        for row in truth.rows:
            (found,) = written[row["conversation_id"]]
            told, marks = found[: len(HEADINGS)], found[len(HEADINGS) :]
            assert marks == UNMARKED
            assert dict(zip(HEADINGS, told, strict=True)) == dict(
                zip(HEADINGS, truth.line(row, zone, settings.SITE_URL), strict=True)
            )


def test_writes_each_message_as_liveperson_tells_it(truth, all_seeing):
    written = all_seeing.whole("messages", "Europe/Paris")
    for row in truth.rows:
        expected = truth.said_lines(row, "Europe/Paris")
        found = written[row["conversation_id"]]
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert [None if wanted is None else cell for cell, wanted in zip(one, other, strict=True)] == other


def test_finds_by_each_value_what_the_records_say(truth, all_seeing, one_group):
    dice = Random(SEED)
    for name, values in offered(truth).items():
        in_files = dice.choice(values)
        print(f"TRUTH_SEED={SEED}: {name} {in_files}")
        for value in values:
            all_seeing.check({name: [value]}, "Europe/Paris", files=value == in_files)
        one_group.check({name: [in_files]}, "Europe/Paris", files=False)


def test_credits_by_each_rule(truth, all_seeing, one_group):
    for rule in CREDIT:
        for agent in offered(truth)["agent"]:
            all_seeing.check({"credited": [agent], "credit": [rule]}, files=False)
        one_group.check({"credited": [agent], "credit": [rule]})


@pytest.mark.parametrize("zone", ZONES)
def test_knows_hours_and_weekdays_across_a_change_of_the_clocks(truth, all_seeing, zone):
    for name, values in (("hour", range(24)), ("weekday", range(1, 8))):
        for value in values:
            all_seeing.check({name: [str(value)]}, zone, files=False)


@pytest.mark.parametrize("sort", DIRECTED)
def test_sorts_as_the_records_say(all_seeing, one_group, sort):
    all_seeing.check({}, sort=sort)
    one_group.check({}, sort=sort, files=False)


def test_shuffles_list_and_files_alike(all_seeing):
    for sort in ("shuffle", "-shuffle"):
        query = parse({"sort": [sort], "seed": ["7"]}, zone="UTC").query
        keys = [pk for page in query.keyset(all_seeing.user) for pk in page]
        assert sorted(keys) == sorted(all_seeing.idents)
        address = f"sort={sort}&seed=7&zone=UTC"
        idents = [line[0] for line in lines(all_seeing.client, f"/conversations.csv?{address}")]
        assert idents == [all_seeing.idents[key] for key in keys]
        said = [line[0] for line in lines(all_seeing.client, f"/messages.csv?{address}")]
        assert list(dict.fromkeys(said)) == [ident for ident in idents if ident in set(said)]


def test_agrees_on_any_question(truth, all_seeing, one_group):
    dice, values = Random(SEED), offered(truth)
    for number in range(ROUNDS):
        if params := drawn(dice, values):
            zone, sort = dice.choice(ZONES), dice.choice(DIRECTED)
            print(f"TRUTH_SEED={SEED}, question {number}: {params} {zone} {sort}")
            all_seeing.check(params, zone, sort)
            one_group.check(params, zone, sort)


@pytest.mark.parametrize("way", ["by the database", "in columns"])
def test_counts_in_facets_what_the_records_say(truth, all_seeing, one_group, way, monkeypatch, settings, tmp_path):
    if way == "in columns":
        settings.DATA_DIR = tmp_path
        monkeypatch.setattr(copy, "current", columns.half_changed)
    dice, values = Random(SEED), offered(truth)
    for number in range(8):
        params = drawn(dice, values) or {}
        print(f"TRUTH_SEED={SEED}, question {number}: {params}")
        for reader in (all_seeing, one_group):
            query = parse(dict(params), zone="Europe/Paris").query
            facets = {name: counts for name, counts in query.facets(reader.user).items() if name not in MARKS}
            for name, counts in facets.items():
                own = FILTERS["mcs_range" if name == "mcs_min" else name].cleared().keys() - {"credit"}
                others = {key: chosen for key, chosen in params.items() if key not in own}
                for value in {*counts, *(values[name] if name != "mcs_min" else ("0", "50", "90"))}:
                    chosen = {k: [str(v)] for k, v in mcs_bin(int(value)).items()} if name == "mcs_min" else None
                    wanted = matching(reader.rows, {**others, **(chosen or {name: [value]})}, "Europe/Paris")
                    assert counts[value] == len(wanted), (name, value)
