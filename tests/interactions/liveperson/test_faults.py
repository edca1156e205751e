from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from interactions.liveperson import (
    Answer,
    AuthenticationFailed,
    RateLimited,
    Refused,
    Unavailable,
    UnexpectedResponse,
)
from interactions.liveperson.faults import fault, read_error_body, retry_after

NOW = 1_715_700_000.0


def clock():
    return NOW


@pytest.mark.parametrize(
    "status, kind",
    [
        (301, UnexpectedResponse),
        (302, UnexpectedResponse),
        (400, Refused),
        (401, AuthenticationFailed),
        (403, Refused),
        (404, Refused),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
        (599, Unavailable),
        (100, UnexpectedResponse),
    ],
)
def test_maps_a_status_to_its_error(status, kind):
    error = fault(Answer(status), "/api/x", clock)
    assert type(error) is kind
    assert (error.status, error.path) == (status, "/api/x")
    assert str(error).startswith(f"LivePerson answered {status}") and "/api/x" in str(error)


@pytest.mark.parametrize("status", [200, 201, 204, 304])
def test_takes_a_good_status_for_success(status):
    assert fault(Answer(status), "/x", clock) is None


@pytest.mark.parametrize(
    "body, code, detail",
    [
        (
            b'{"error": {"time": "now", "message": "bad csrf", "internalCode": 10, "responseStatus": "UNAUTHORIZED"}}',
            "10",
            "bad csrf; UNAUTHORIZED",
        ),
        (b'{"time": 5, "message": "search fault", "internalCode": "0007"}', "0007", "search fault"),
        (
            b'{"kind":"resp","code":401,"body":{"title":"no","details":"why","errorCode":40102},"type":"x"}',
            "40102",
            "no; why",
        ),
        (b'{"error": "plain words"}', None, '{"error": "plain words"}'),
        (b"  just text ", None, "just text"),
        (b"<html>Bad gateway</html>", None, "<html>Bad gateway</html>"),
        (b'["list"]', None, '["list"]'),
        (b"\xff\xfe", None, "\ufffd\ufffd"),
        (b"", None, ""),
        (b"x" * 5000, None, "x" * 500),
        (b'{"internalCode": "a secret, not a code"}', None, '{"internalCode": "a secret, not a code"}'),
    ],
)
def test_reads_every_shape_of_error_body(body, code, detail):
    assert read_error_body(body) == (code, detail)


def test_shows_the_code_and_keeps_the_words_apart():
    answer = Answer(500, {}, b'{"internalCode": "0008", "message": "token abc of Ilse"}')
    error = fault(answer, "/x", clock)
    assert str(error) == "LivePerson answered 500, code 0008 (/x)"
    assert (error.code, error.detail) == ("0008", "token abc of Ilse")
    assert "Ilse" not in repr(error)


@pytest.mark.parametrize(
    "value, wait",
    [
        (None, 1),
        ("", 1),
        ("7", 7),
        (" 2.5 ", 2.5),
        ("0", 1),
        ("-5", 1),
        ("999999", 3600),
        ("nan", 1),
        ("soon", 1),
        (format_datetime(datetime.fromtimestamp(NOW + 30, UTC), usegmt=True), 30),
        (format_datetime(datetime.fromtimestamp(NOW - 30, UTC), usegmt=True), 1),
        (format_datetime(datetime.fromtimestamp(NOW + 30, UTC).replace(tzinfo=None)), 30),
    ],
)
def test_reads_the_wait_in_seconds_or_as_a_date(value, wait):
    assert retry_after(value, clock) == wait
    headers = {} if value is None else {"Retry-After": value}
    assert fault(Answer(429, headers), "/x", clock).wait == wait


@pytest.mark.parametrize("behind", [-3600, 0, 3600])
def test_measures_a_date_by_the_clock_that_wrote_it(behind):
    sent = datetime.fromtimestamp(NOW + behind, UTC)
    dates = {"Retry-After": sent + timedelta(seconds=30), "Date": sent}
    headers = {name: format_datetime(at, usegmt=True) for name, at in dates.items()}
    assert fault(Answer(429, headers), "/x", clock).wait == 30
