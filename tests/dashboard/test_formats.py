"""How values are written."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dashboard import formats
from dashboard.templatetags import readback

AT = datetime(2026, 11, 20, 12, 41, 3, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 13, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _paris():
    with timezone.override(ZoneInfo("Europe/Paris")):
        yield


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0, "0 s"),
        (9, "9 s"),
        (59.6, "1 m 00 s"),
        (239, "3 m 59 s"),
        (724, "12 m 04 s"),
        (5160, "1 h 26 m"),
        (7440, "2 h 4 m"),
        (187200, "2 d 4 h"),
        (-3, "0 s"),
    ],
)
def test_writes_a_span_in_its_two_largest_units(seconds: float | None, text: str) -> None:
    assert formats.span(seconds) == text


def test_writes_a_time_of_this_year_without_the_year() -> None:
    assert formats.short_time(AT, now=LATER) == "20 Nov 13:41"


def test_gives_the_time_alone_on_the_same_day() -> None:
    assert formats.moment(AT, now=AT) == "13:41"
    assert formats.moment(AT, now=AT + timedelta(days=1)) == "20 Nov 13:41"


def test_writes_a_time_of_another_year_as_its_date() -> None:
    assert formats.short_time(datetime(2025, 12, 3, tzinfo=UTC), now=AT) == "3 Dec 2025"


def test_decides_the_year_in_the_reader_s_zone() -> None:
    new_year_in_paris = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert formats.short_time(new_year_in_paris, now=AT) == "1 Jan 00:30"


def test_writes_a_range_with_its_zone() -> None:
    assert formats.time_range(AT, LATER) == "Fri 20 Nov 2026, 13:41-14:22 Europe/Paris"


def test_names_the_second_day_of_a_range_that_crosses_midnight() -> None:
    night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert formats.time_range(AT, night) == "Fri 20 Nov 2026, 13:41 to Sat 21 Nov 2026, 00:30 Europe/Paris"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (formats.count(4812), "4,812"),
        (formats.count(None), "–"),
        (formats.plural(1, "conversation"), "1 conversation"),
        (formats.plural(4812, "conversation"), "4,812 conversations"),
        (formats.share(0.756, 999), "76%"),
        (formats.share(0.7561, 1206), "75.6%"),
        (formats.share(None, 0), "–"),
        (formats.signed(22.2), "+22"),
        (formats.signed(-0.2), "0"),
    ],
)
def test_writes_numbers(written: str, text: str) -> None:
    assert written == text


def test_writes_the_time_of_a_message_to_the_second() -> None:
    assert formats.clock(AT) == "13:41:03"


def test_always_writes_the_digit_in_a_badge() -> None:
    assert readback.csat_badge(2) == '<span class="csat csat-2"><span class="unseen">CSAT </span>2</span>'


def test_says_why_there_is_no_rating() -> None:
    assert '<span class="unseen">not offered</span>' in readback.csat_badge(None, "not offered")


@pytest.mark.parametrize(("band", "glyph", "word"), [(-1, "▼", "Negative"), (0, "◆", "Neutral"), (1, "▲", "Positive")])
def test_writes_a_score_with_the_sign_and_word_of_its_band(band: int, glyph: str, word: str) -> None:
    written = readback.mcs(38, band)
    assert "38" in written and glyph in written and word in written


def test_writes_a_score_without_a_band_as_the_number_alone() -> None:
    assert readback.mcs(38, None) == '<span class="mcs">38</span>'


def test_escapes_what_an_address_said_in_a_sentence_with_code() -> None:
    assert readback.code_names("`<b>` is no name") == "<code>&lt;b&gt;</code> is no name"
