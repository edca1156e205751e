import gzip
import socket
import ssl
import threading
import zlib

import pytest
import requests

from interactions.liveperson import (
    HttpTransport,
    LivePersonError,
    Timeout,
    TooLarge,
    Unavailable,
    UnexpectedResponse,
)
from interactions.liveperson.deadline import Watch
from tests.interactions.liveperson.account import KEY, FakeAccount
from tests.interactions.liveperson.wire import dripping, saying, serving

PATIENT = Timeout(connect=20, read=20, total=60)
QUICK = Timeout(connect=20, read=0.3, total=60)
BRISK = Timeout(connect=20, read=20, total=0.4)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def get(script, timeout=PATIENT, **options):
    with serving(script) as url:
        return send(f"{url}/some/path?token=secret", timeout, **options)


def send(url, timeout=PATIENT, **options):
    transport = HttpTransport(timeout, **options)
    try:
        request = requests.Request("GET", url, headers={"Authorization": "Bearer secret"})
        return transport(request.prepare())
    finally:
        transport.close()


def test_brings_back_status_headers_body_and_cookies():
    answer = get(saying("404 Not Found", b"gone", ac_revision="12", Set_Cookie="Session_id=abc; Path=/"))
    assert (answer.status, answer.body, answer.headers["AC-Revision"]) == (404, b"gone", "12")
    assert answer.cookies == {"Session_id": "abc"}


def test_unpacks_gzip():
    assert get(saying("200 OK", gzip.compress(b"words"), Content_Encoding="gzip")).body == b"words"


def test_does_not_follow_a_redirect():
    visited = threading.Event()
    with serving(lambda connection: visited.set()) as elsewhere:
        answer = get(saying("302 Found", Location=f"{elsewhere}/stolen"))
    assert (answer.status, visited.is_set()) == (302, False)


def test_looks_past_the_proxies_of_the_environment_on_loopback(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert get(saying("200 OK", b"direct")).body == b"direct"


def test_uses_the_proxies_of_the_environment_elsewhere(monkeypatch):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    asked = threading.Event()
    with serving(lambda connection: asked.set()) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises(Unavailable):
            send("https://api.liveperson.example/x")
    assert asked.is_set()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda connection: None, id="closed without an answer"),
        pytest.param(lambda connection: connection.sendall(HEAD + b"half"), id="closed in the middle"),
        pytest.param(lambda connection: connection.sendall(CHUNKED + b"5\r\nhe"), id="closed inside a chunk"),
        pytest.param(lambda connection: connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n"), id="another protocol"),
        pytest.param(lambda connection: connection.sendall(CHUNKED + b"zz\r\n"), id="broken chunk"),
    ],
)
def test_calls_a_broken_line_unavailable(script):
    with pytest.raises(Unavailable, match=r"connection failed \(/some/path\)"):
        get(script)


def stopping_after_the_head(connection):
    connection.sendall(HEAD)
    connection.recv(1)


@pytest.mark.parametrize(
    "script, timeout",
    [
        pytest.param(lambda connection: connection.recv(1), QUICK, id="says nothing"),
        pytest.param(stopping_after_the_head, QUICK, id="stops after the head"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n"), BRISK, id="drips headers"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"1"), BRISK, id="drips one header"),
        pytest.param(dripping(HEAD, b"x"), BRISK, id="drips the body"),
        pytest.param(dripping(CHUNKED, b"1\r\nx\r\n"), BRISK, id="drips chunks"),
    ],
)
def test_gives_up_when_the_time_is_up(script, timeout):
    with pytest.raises(Unavailable, match="time limit") as raised:
        get(script, timeout)
    assert raised.value.is_passing


def test_calls_a_closed_port_unavailable():
    with serving(lambda connection: None) as url:
        pass
    with pytest.raises(Unavailable):
        send(url)


def test_gives_up_on_a_server_without_tls():
    with serving(saying("200 OK")) as url, pytest.raises(Unavailable, match="no trusted TLS") as raised:
        send(url.replace("http:", "https:"))
    assert not raised.value.is_passing


def test_asks_for_tls_1_2_at_least_also_through_a_proxy():
    adapter = HttpTransport()._session.get_adapter("https://api.liveperson.net")
    direct, proxied = adapter.poolmanager, adapter.proxy_manager_for("http://127.0.0.1:9")
    for manager in (direct, proxied):
        assert manager.connection_pool_kw["ssl_minimum_version"] == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(saying("200 OK", b"x" * 2000), id="plain"),
        pytest.param(saying("200 OK", gzip.compress(b"x" * 50_000_000, 9), Content_Encoding="gzip"), id="bomb"),
        pytest.param(dripping(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n", every=0), id="endless"),
        pytest.param(saying("500 Oops", b"x" * 2000), id="error page"),
    ],
)
def test_stops_reading_beyond_the_limit(script):
    with pytest.raises(TooLarge, match="more than 1000 bytes"):
        get(script, largest_answer=1000)


def test_takes_an_answer_of_just_the_limit():
    assert len(get(saying("200 OK", b"x" * 1000), largest_answer=1000).body) == 1000


@pytest.mark.parametrize(
    "body, encoding",
    [
        (gzip.compress(gzip.compress(b"x")), "gzip, gzip"),
        (zlib.compress(b"x"), "deflate"),
        (b"x", "br"),
        (b"not gzip at all", "gzip"),
    ],
)
def test_refuses_an_encoding_that_was_not_asked_for(body, encoding):
    with pytest.raises(UnexpectedResponse):
        get(saying("200 OK", body, Content_Encoding=encoding))


@pytest.mark.parametrize(
    "script", [lambda connection: None, saying("200 OK", b"x" * 2000), saying("200 OK", b"x", Content_Encoding="br")]
)
def test_lets_nothing_of_the_request_out_with_the_error(script):
    with pytest.raises(LivePersonError) as raised:
        get(script, largest_answer=1000)
    error = raised.value
    assert (error.__context__, error.__cause__) == (None, None)
    assert "secret" not in f"{error!r} {error} {vars(error)}"


def test_keeps_a_connection_open_for_the_next_call():
    connections = []

    def script(connection):
        connections.append(connection)
        for _ in range(2):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
            connection.recv(65536)

    with serving(script) as url:
        transport = HttpTransport(PATIENT)
        request = requests.Request("GET", url).prepare()
        bodies = [transport(request).body for _ in range(2)]
        transport.close()
    assert (bodies, len(connections)) == ([b"[]", b"[]"], 1)


def test_serves_a_client_on_loopback_over_real_sockets():
    body = b'{"service": "msgHist", "baseURI": "127.0.0.1:1"}'
    with serving(saying("200 OK", body)) as url:
        client = FakeAccount().client(credentials=KEY, api_url=url, transport=None, timeout=PATIENT)
        assert client._directory.base_url("msgHist") == "http://127.0.0.1:1"
        client.close()


def test_drops_a_connection_that_comes_after_the_time_is_up():
    near, far = socket.socketpair()
    watch = Watch(60)
    watch._expire()
    watch.follow(near)
    assert far.recv(1) == b""
    near.close(), far.close()
