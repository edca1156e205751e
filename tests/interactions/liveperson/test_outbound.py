import pytest

from interactions.liveperson import OutboundRefused
from interactions.liveperson.outbound import Outbound

REAL = "https://api.liveperson.net"
LOOP = "http://127.0.0.1:8071"


@pytest.mark.parametrize(
    "api_url, allowed, host, url",
    [
        (REAL, (), "va.msghist.liveperson.net", "https://va.msghist.liveperson.net"),
        (REAL, (), " VA.msghist.LivePerson.net ", "https://va.msghist.liveperson.net"),
        (REAL, (), "lo.ac.liveperson.net:8443", "https://lo.ac.liveperson.net:8443"),
        (REAL, (), "x.lpsnmedia.net", "https://x.lpsnmedia.net"),
        (REAL, ("lp.example",), "va.lp.example", "https://va.lp.example"),
        (REAL, (" .LP.example ", ""), "lp.example", "https://lp.example"),
        (REAL, ("*.lp.example",), "va.lp.example", "https://va.lp.example"),
        (LOOP, (), "127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://localhost:8071", (), "127.0.0.2", "http://127.0.0.2"),
        ("http://[::1]:8071/", (), "[::1]:9", "http://[::1]:9"),
        ("https://127.0.0.1:8071", (), "va.msghist.liveperson.net", "https://va.msghist.liveperson.net"),
    ],
)
def test_calls_a_service_by_the_scheme_of_the_directory(api_url, allowed, host, url):
    rule = Outbound.of(api_url, allowed)
    assert rule.base_url(host) == url
    rule.check(url + "/api/account/1?v=1")


@pytest.mark.parametrize(
    "api_url, host",
    [
        (REAL, "evil.example"),
        (REAL, "evil-liveperson.net"),
        (REAL, "liveperson.net.evil.example"),
        (REAL, "127.0.0.1"),
        (REAL, "127.8.9.1:80"),
        (REAL, "localhost"),
        (REAL, "[::1]"),
        (REAL, "10.0.0.8"),
        (REAL, "2130706433"),
        (REAL, ""),
        (REAL, "https://va.liveperson.net"),
        (REAL, "va.liveperson.net/path"),
        (REAL, "evil.example#.liveperson.net"),
        (REAL, "evil.example?.liveperson.net"),
        (REAL, "user@va.liveperson.net"),
        (REAL, "va.liveperson.net:99999"),
        (REAL, "va.liveperson.net:0"),
        (REAL, "va.liveperson.net."),
        (REAL, "evil.example\\.liveperson.net"),
        (REAL, "é.liveperson.net"),
        (REAL, "va .liveperson.net"),
        (LOOP, "va.msghist.liveperson.net"),
        (LOOP, "evil.example"),
    ],
)
def test_refuses_every_other_host(api_url, host):
    with pytest.raises(OutboundRefused):
        Outbound.of(api_url).base_url(host)


@pytest.mark.parametrize(
    "api_url",
    [
        "http://api.liveperson.net",
        "https://evil.example",
        "ftp://127.0.0.1",
        "api.liveperson.net",
        "https://api.liveperson.net/path",
        "https://user:word@api.liveperson.net",
        "https://api.liveperson.net?x=1",
        "",
    ],
)
def test_refuses_a_directory_address_that_breaks_the_rule(api_url):
    with pytest.raises(OutboundRefused):
        Outbound.of(api_url)


def test_accepts_a_directory_with_an_allowed_suffix():
    assert Outbound.of("https://csds.lp.example", ("lp.example",)).api_url == "https://csds.lp.example"


@pytest.mark.parametrize("url", ["http://va.liveperson.net/x", "https://evil.example/x", "file:///etc/x"])
def test_looks_once_more_before_anything_is_sent(url):
    with pytest.raises(OutboundRefused):
        Outbound.of(REAL).check(url)
