"""LivePerson's clock against ours."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from interactions.liveperson import Client, OAuth1Key
from interactions.liveperson.servertime import ServerTime
from interactions.sandbox import Account, serve

NOW = 1_800_000_000.0


def date(seconds):
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("header", "ahead"),
    [
        (None, 0),
        ("", 0),
        ("yesterday", 0),
        (date(NOW + 30), 0),
        (date(NOW - 89), 0),
        (date(NOW + 3600), 3600),
        (date(NOW - 3600), -3600),
    ],
)
def test_learns_from_the_date_of_an_answer(header, ahead):
    time = ServerTime()
    time.note(header, NOW)
    assert time.ahead == ahead


def test_forgets_a_difference_that_has_gone():
    time = ServerTime()
    time.note(date(NOW + 3600), NOW)
    time.note(date(NOW), NOW)
    assert time.ahead == 0


@pytest.mark.parametrize("off", [-3600, 3600])
def test_signs_by_livepersons_clock_after_the_first_refusal(off):
    served = serve(Account(conversations=5, days=2))
    key = served.credentials
    parts = (key.app_key, key.app_secret, key.access_token, key.access_token_secret)
    wrong = lambda: datetime.now(UTC).timestamp() + off  # noqa: E731
    with served, Client(served.account.id, credentials=OAuth1Key(*parts), api_url=served.url, clock=wrong) as client:
        assert client.users().items
        assert abs(client.seconds_ahead + off) < 5
