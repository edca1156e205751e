"""The servers of the tests are private, real, and gone afterwards."""

from pathlib import Path

import psycopg
import pytest
import redis

from tests import servers


@pytest.fixture(autouse=True)
def _present() -> None:
    try:
        servers.postgresql_home(), servers.redis_program()
    except servers.Missing as missing:
        pytest.skip(f"{missing} is not here")


def test_starts_an_empty_postgresql_and_takes_it_away_again() -> None:
    with servers.postgresql() as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone() == (0,)
            folder = Path(str(connection.info.host))
        assert folder.is_dir()
    assert not folder.exists()


def test_starts_redis_on_loopback() -> None:
    with servers.redis_server() as url:
        client = redis.Redis.from_url(url)
        assert client.set("bell", "rings")
        client.close()
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(url).ping()
