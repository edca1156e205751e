"""`make run`: what it says, what it starts, and that nothing of it is left."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from dashboard.management.commands import run
from tests.environment import clean
from tests.product import Product, refusal, wait_for

KEY = {f"LIVEPERSON_{name}": "x" for name in ("APP_KEY", "APP_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")}


def test_says_where_it_is_and_who_may_sign_in(product: Product) -> None:
    assert f"Readback is at {product.url}\nSign in as supervisor / " in product.said
    assert all(product.password(name) for name in ("supervisor", "analyst", "admin"))


def test_keeps_what_it_made_to_its_owner(product: Product) -> None:
    names = ["supervisor-password", "admin-password", "secret-key", "sandbox.env", "supervisord.conf"]
    assert {oct((product.folder / name).stat().st_mode & 0o777) for name in names} == {"0o600"}


def test_shows_conversations_that_the_worker_pulled(product: Product) -> None:
    analyst, supervisor = product.sign_in("analyst"), product.sign_in("supervisor")
    every = wait_for(lambda: product.conversation_count(analyst))
    own = wait_for(lambda: product.conversation_count(supervisor))
    assert 0 < own < max(every, product.conversation_count(analyst))


def test_reads_on_while_one_watches(product: Product) -> None:
    analyst = product.sign_in("analyst")
    wait_for(lambda: product.conversation_count(analyst) > 200)  # all of the first ones, and later ones


@pytest.mark.parametrize("charset", ["utf-8", "utf-7", "rot13"])
def test_reads_everything_as_utf_8(product: Product, charset: str) -> None:
    kind = {"Content-Type": f"text/plain; charset={charset}"}
    assert requests.get(f"{product.url}/login/?next=%2B2AA-", headers=kind, timeout=30).status_code == 200


def test_refuses_a_second_start_from_the_same_folder(product: Product) -> None:
    code, words = refusal(product.folder)
    assert code == 1 and words.startswith("Readback is running from this data folder already")


def test_refuses_a_port_in_use(product: Product, tmp_path: Path) -> None:
    code, words = refusal(tmp_path, PORT=str(product.port))
    assert code == 1 and words.startswith(f"Port {product.port} on 127.0.0.1 is in use: ")


@pytest.mark.parametrize("word", ["worker", "beat", "gunicorn"])
def test_starts_again_what_falls(product: Product, word: str) -> None:
    fallen = wait_for(lambda: product.find(word))
    fallen.kill()
    wait_for(lambda: (found := product.find(word)) and found.pid != fallen.pid)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"LIVEPERSON_ACCOUNT_ID": "1", **KEY, "LIVEPERSON_APP_SECRET": ""}, "LIVEPERSON_APP_SECRET is missing"),
        ({"LIVEPERSON_ACCOUNT_ID": "1", "LIVEPERSON_USERNAME": "x"}, "LIVEPERSON_PASSWORD is missing"),
        ({"LIVEPERSON_ACCOUNT_ID": "1"}, "without credentials"),
        (KEY, "There is no LIVEPERSON_ACCOUNT_ID"),
        ({"READBACK_SANDBOX": "0"}, "There is no account to read"),
        ({"PORT": "http"}, "PORT must be a whole number"),
        ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE"),
        ({"DATABASE_URL": "mysql://someone:secret@shop.example/x"}, "DATABASE_URL is not the address"),
        ({"DATABASE_URL": "postgresql://someone:secret@127.0.0.1:9/x"}, "The database cannot be used (DATABASE_URL)"),
    ],
)
def test_refuses_wrong_settings_in_one_sentence(tmp_path: Path, given: dict[str, str], words: str) -> None:
    code, said = refusal(tmp_path, **given)
    assert (code, len(said.splitlines())) == (1, 1)
    assert words in said and "secret@" not in said


def test_refuses_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()  # root may write into any folder, but a file is none
    code, said = refusal(tmp_path / "file" / "data")
    assert (code, len(said.splitlines())) == (1, 1) and said.startswith(f"DATA_DIR {tmp_path}/file/data cannot be used")


FIRST_ACCOUNT = """
import django; django.setup()
from django.core.management import call_command
from django.utils import timezone
from interactions.models import Account
call_command("migrate", verbosity=0)
Account.objects.create(account_id="sandbox-1", created_at=timezone.now())
"""


def test_refuses_the_database_of_another_account(tmp_path: Path) -> None:
    told = clean(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="dashboard.settings")
    subprocess.run([sys.executable, "-c", FIRST_ACCOUNT], env=told, check=True)
    code, said = refusal(tmp_path, LIVEPERSON_ACCOUNT_ID="20304", **KEY)
    assert code == 1 and "holds account sandbox-1, but the account to read is 20304" in said


@pytest.mark.parametrize("sign", ["supervisord.conf", "sandbox.env"])
def test_leaves_nothing_when_stopped_while_starting(tmp_path: Path, sign: str) -> None:
    product = Product(tmp_path / "data")
    wait_for(lambda: (tmp_path / "data" / sign).exists())
    product.end(signal.SIGINT)
    assert product.processes() == []
    assert not (tmp_path / "data" / "sandbox.env").exists()


def test_remembers_a_wish_to_stop_that_python_drops(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda about: dropped.append(about.exc_type))
    wish = run._Interrupt()
    wish.look()
    cleared = type("Cleared", (), {"__del__": wish})()
    del cleared
    assert dropped == [KeyboardInterrupt]
    with pytest.raises(KeyboardInterrupt):
        wish.look()


def test_waits_with_a_wish_to_stop_until_a_process_is_known() -> None:
    wish = run._Interrupt()
    with wish.held():
        wish()
        started = "known"
    assert started == "known"
    with pytest.raises(KeyboardInterrupt):
        wish.look()
    with pytest.raises(KeyboardInterrupt):
        wish()


def test_leaves_nothing_when_killed_and_starts_again(tmp_path: Path) -> None:
    product = Product(tmp_path / "data").until_ready()
    product.process.kill()
    wait_for(lambda: not product.processes())
    again = Product(tmp_path / "data").until_ready()
    assert again.password("supervisor") == product.password("supervisor")
    again.end()
    assert again.processes() == []


def test_says_what_is_wrong_with_the_host(tmp_path: Path) -> None:
    code, said = refusal(tmp_path, HOST="203.0.113.7")
    assert code == 1 and said.startswith("Readback cannot listen on 203.0.113.7")


def test_keeps_the_sandbox_where_it_was(product: Product) -> None:
    port = int((product.folder / "sandbox-port").read_text())
    with socket.create_connection(("127.0.0.1", port)):
        assert (product.folder / "sandbox-anchor").read_text()
