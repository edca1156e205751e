import pytest

from interactions.liveperson import (
    AuthenticationFailed,
    LivePersonError,
    RateLimited,
    Refused,
    Retry,
    Unavailable,
    UnexpectedResponse,
)
from interactions.liveperson.retry import NO_RETRY, repeat

DOWN = Unavailable("down")


def limited(wait):
    return RateLimited("slow down", wait=wait)


def run(errors, policy=None):
    """The pauses slept through, and the error raised in the end (None for success)."""
    left, slept = list(errors), []

    def call():
        if left:
            raise left.pop(0)

    try:
        repeat(call, policy or Retry(), sleep=slept.append, random=lambda: 0.5)
    except LivePersonError as error:
        return slept, error
    return slept, None


@pytest.mark.parametrize(
    "errors, slept, last",
    [
        ([], [], None),
        ([DOWN], [5], None),
        ([DOWN] * 3, [5, 10, 15], None),
        ([DOWN] * 4, [5, 10, 15], Unavailable),
        ([Unavailable("no TLS", is_passing=False)], [], Unavailable),
        ([limited(1)], [1.5], None),
        ([limited(1), limited(20)], [1.5, 20.5], None),
        ([limited(1)] * 4, [1.5] * 3, RateLimited),
        ([limited(61)], [], RateLimited),
        ([DOWN, limited(2), DOWN], [5, 2.5, 10], None),
        ([Refused("no", status=400)], [], Refused),
        ([AuthenticationFailed("no")], [], AuthenticationFailed),
        ([UnexpectedResponse("odd")], [], UnexpectedResponse),
    ],
)
def test_tries_again_only_where_it_helps(errors, slept, last):
    pauses, error = run(errors)
    assert pauses == slept
    assert error is None if last is None else isinstance(error, last)


def test_gives_up_at_once_without_a_policy():
    assert run([DOWN], NO_RETRY) == ([], DOWN)
    assert run([limited(1)], NO_RETRY)[0] == []
