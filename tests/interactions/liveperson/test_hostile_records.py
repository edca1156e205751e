import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.liveperson import (
    decode,
    encode,
    parse_agent_group,
    parse_automatic_messages,
    parse_conversation,
    parse_skill,
    parse_user,
)
from tests.interactions.liveperson.account import payload

SAMPLES = payload("search_page.json")["conversationHistoryRecords"]
KEYS = sorted({key for sample in SAMPLES for key in sample} | {key for s in SAMPLES for key in s["info"]})
odd_text = st.one_of(
    st.text(st.characters(codec=None), max_size=20),
    st.sampled_from(["undefined", "null", "NA", "-1", "0", "", "[", "{}", '{"a":NaN}', "\0", "\ud800", "2024-13-45"]),
)
odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, -(2**63) - 1, 10**400, -1, 0])
    | st.floats()
    | odd_text,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.one_of(st.sampled_from(KEYS), odd_text), inner, max_size=5)
    ),
    max_leaves=12,
)


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


PLACES = [[path for path in places(sample) if path] for sample in SAMPLES]
PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def mutated(draw):
    index = draw(st.integers(0, len(SAMPLES) - 1))
    record = copy.deepcopy(SAMPLES[index])
    for path in draw(st.lists(st.sampled_from(PLACES[index]), max_size=6)):
        mutate(record, path, draw(odd), draw(st.booleans()))
    return record


def mutate(record, path, value, remove):
    for key in path[:-1]:
        record = record[key] if _has(record, key) else None
    if _has(record, path[-1]):
        if remove and isinstance(record, dict):
            del record[path[-1]]
        else:
            record[path[-1]] = value


def _has(holder, key):
    return (
        key in holder
        if isinstance(holder, dict)
        else isinstance(holder, list) and isinstance(key, int) and key < len(holder)
    )


def read_all(record):
    return (record.statuses, record.summary, record.response_time, record.campaign, record.monitoring) + tuple(
        (message.context, message.device) for message in record.messages
    )


def storable(value):
    """Whether every text of a tree of dataclasses is UTF-8 without NUL, and every number 64 bits wide."""
    if isinstance(value, str):
        return "\0" not in value and value.encode("utf-8", "ignore").decode() == value
    if isinstance(value, int):
        return abs(value) < 2**63
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    if isinstance(value, dict):
        return all(storable(key) and storable(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return all(storable(item) for item in value)
    slots = [name for name in getattr(value, "__slots__", ()) if name not in ("raw", "encoded", "delivered")]
    return all(storable(getattr(value, name)) for name in slots)


@settings(PATIENTLY, max_examples=200)
@given(st.one_of(mutated(), odd))
def test_never_raises_and_keeps_the_record_as_it_came(value):
    before = copy.deepcopy(value)
    record = parse_conversation(value)
    read_all(record)
    assert record.raw is value
    assert repr(value) == repr(before)
    assert all(problem.path is not None and problem.what for problem in record.problems)


@settings(PATIENTLY, max_examples=200)
@given(st.one_of(mutated(), odd))
def test_gives_only_what_a_database_can_store(value):
    record = parse_conversation(value)
    assert storable(record)
    assert storable(read_all(record))


@settings(PATIENTLY, max_examples=50)
@given(odd)
def test_reads_any_configuration_without_raising(value):
    for parse in (parse_user, parse_skill, parse_agent_group):
        assert parse(value).raw is value
    assert isinstance(parse_automatic_messages(value), tuple)


@settings(PATIENTLY, max_examples=50)
@given(odd)
def test_decodes_again_what_it_encodes(value):
    again = decode(encode(value))
    assert repr(json.loads(encode(again))) == repr(json.loads(encode(again)))
    parse_conversation(again)
