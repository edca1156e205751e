import pytest

from interactions.liveperson import OutboundRefused, Refused, ServiceNotEnabled, Unavailable, UnexpectedResponse
from interactions.liveperson.calls import Caller
from interactions.liveperson.domain import LIFETIME, Directory
from interactions.liveperson.outbound import Outbound
from tests.interactions.liveperson.account import ACCOUNT, FakeAccount, ok, payload, refusal

URL = "https://api.liveperson.net"
ENTRY = {"service": "msgHist", "account": ACCOUNT, "baseURI": "va-x.msghist.liveperson.net"}
BASE = "https://va-x.msghist.liveperson.net"


def directory(account, account_id=ACCOUNT):
    caller = Caller(account, Outbound.of(URL), clock=lambda: account.now, sleep=account.sleep, random=lambda: 0)
    return Directory(account_id, caller)


@pytest.mark.parametrize(
    "value",
    [
        ENTRY,
        {"baseURI": ENTRY["baseURI"]},
        {"baseURIs": [ENTRY]},
        {"baseURIs": ["odd", {"service": "other", "baseURI": "x.liveperson.net"}, ENTRY]},
        payload("directory.json"),
    ],
)
def test_reads_either_shape(value):
    assert directory(FakeAccount().on("baseURI", ok(value))).base_url("msgHist") == BASE


def test_asks_once_a_day_for_each_service_without_credentials():
    account = FakeAccount()
    book = directory(account)
    for service in ("msgHist", "msgHist", "agentVep"):
        book.base_url(service)
    account.now += LIFETIME
    book.base_url("msgHist")
    assert [asked.path.split("/")[-2] for asked in account.asked] == ["msgHist", "agentVep", "msgHist"]
    assert account.asked[0].url == f"{URL}/api/account/{ACCOUNT}/service/msgHist/baseURI.json?version=1.0"
    assert "Authorization" not in account.asked[0].headers


@pytest.mark.parametrize(
    "answer",
    [
        refusal(400),
        refusal(401),
        refusal(404),
        refusal(204),
        ok({"service": "msgHist"}),
        ok({"service": "msgHist", "baseURI": ""}),
        ok({"service": "other", "baseURI": "x.liveperson.net"}),
        ok({"baseURIs": []}),
    ],
)
def test_says_when_a_service_is_not_enabled(answer):
    with pytest.raises(ServiceNotEnabled, match="service msgHist is not enabled"):
        directory(FakeAccount().on("baseURI", answer)).base_url("msgHist")


@pytest.mark.parametrize(
    "answer, error",
    [
        (refusal(403), Refused),
        (refusal(503), Unavailable),
        (ok([ENTRY]), UnexpectedResponse),
        (ok("text"), UnexpectedResponse),
        (ok({**ENTRY, "baseURI": "evil.example"}), OutboundRefused),
        (ok({**ENTRY, "baseURI": "127.0.0.1:80"}), OutboundRefused),
        (ok({**ENTRY, "baseURI": "https://va.liveperson.net/x"}), OutboundRefused),
    ],
)
def test_raises_what_is_wrong_otherwise_and_forgets_it(answer, error):
    account = FakeAccount().on("baseURI", answer)
    book = directory(account)
    with pytest.raises(error):
        book.base_url("msgHist")
    account.on("baseURI", ok(ENTRY))
    assert book.base_url("msgHist") == BASE


def test_learns_from_a_login_what_may_be_called():
    account = FakeAccount()
    book = directory(account)
    book.learn({"baseURIs": [ENTRY, {"service": "agentVep", "baseURI": "evil.example"}, {"service": 5}, "odd"]})
    book.learn(None)
    assert book.base_url("msgHist") == BASE
    assert account.asked == []
    book.base_url("agentVep")
    assert len(account.asked) == 1


@pytest.mark.parametrize("account_id", ["", "../x", "1/2", "a b", "é"])
def test_takes_no_account_id_that_could_change_the_path(account_id):
    with pytest.raises(ValueError, match="account id"):
        directory(FakeAccount(), account_id)
