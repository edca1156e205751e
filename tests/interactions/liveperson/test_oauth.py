import pytest
from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from interactions.liveperson import AuthenticationFailed, RateLimited
from tests.interactions.liveperson.account import KEY, FakeAccount, envelope, ok, refusal
from tests.interactions.liveperson.wire import saying, serving


class _Keys(RequestValidator):
    """The server's side of the one key."""

    dummy_client = dummy_access_token = "dummy"
    client_key_length = access_token_length = (1, 60)

    def __init__(self):
        super().__init__()
        self.nonces = []

    @property
    def safe_characters(self):
        return set("abcdefghijklmnopqrstuvwxyz0123456789-")

    @property
    def enforce_ssl(self):
        return True

    def check_client_key(self, key):
        return key == KEY.app_key

    def check_access_token(self, token):
        return token == KEY.access_token

    def check_nonce(self, nonce):
        return True

    def validate_timestamp_and_nonce(self, key, timestamp, nonce, request, **tokens):
        self.nonces.append(nonce)
        return True

    def validate_client_key(self, key, request):
        return self.check_client_key(key)

    def validate_access_token(self, key, token, request):
        return self.check_access_token(token)

    def validate_realms(self, *args, **kwargs):
        return True

    def get_client_secret(self, key, request):
        return KEY.app_secret

    def get_access_token_secret(self, key, token, request):
        return KEY.access_token_secret


def signed(asked, keys):
    endpoint = ResourceEndpoint(keys)
    valid, _ = endpoint.validate_protected_resource_request(asked.url, asked.method, None, asked.headers, ["x"])
    return valid


def test_signs_every_try_afresh_by_rfc_5849():
    fake = FakeAccount().on("/conversations/search", refusal(503), ok(envelope([])))
    fake.client().search(start_from=1, start_to=2)
    keys = _Keys()
    tries = fake.to("/conversations/search")
    assert [signed(asked, keys) for asked in tries] == [True, True]
    assert len(set(keys.nonces)) == 2


def test_signs_configuration_calls_with_commas_in_the_query():
    fake = FakeAccount().on("le-users/users", ok([]))
    fake.client().users()
    assert signed(fake.to("le-users/users")[0], _Keys())


def test_keeps_secrets_out_of_what_is_sent():
    fake = FakeAccount().on("/conversations/search", ok(envelope([])))
    fake.client().search(start_from=1, start_to=2)
    assert not [asked for asked in fake.asked if KEY.app_secret in str(asked) or KEY.access_token_secret in str(asked)]


def test_does_not_repeat_a_refused_key():
    fake = FakeAccount().on("/conversations/search", refusal(401))
    client = fake.client()
    with pytest.raises(AuthenticationFailed):
        client.search(start_from=1, start_to=2)
    client.close()
    assert len(fake.to("/conversations/search")) == 1


def test_logs_neither_keys_nor_signatures_nor_query_strings(logged):
    with serving(saying("429 Slow down")) as url, pytest.raises(RateLimited):
        fake = FakeAccount()
        client = fake.client(api_url=url, transport=None)
        client._directory.learn({"service": "msgHist", "baseURI": url.removeprefix("http://")})
        client.search(start_from=1, start_to=2)
    lines = logged()
    assert [line["seconds"] for line in lines if line["event"] == "call failed, tried again"][:1] == [1.5]
    assert [word for word in (*_parts(KEY), "oauth_", "start%3Aasc") if word in str(lines)] == []


def _parts(key):
    return key.app_key, key.app_secret, key.access_token, key.access_token_secret
