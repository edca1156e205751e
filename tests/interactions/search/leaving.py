"""Marks on the conversations of the small world."""

from typing import Any

from interactions.models import Conversation
from tests import factories


def leave_marks(world: Any, conversation: Conversation) -> dict[str, set[str]]:
    """Some marks at random, and what each parameter may ask for to find the conversation."""
    reviewers = world.dice.choice(([], [], [world.me], [world.colleague], [world.me, world.colleague]))
    # Three of them are what other marks write for "none" and "some".
    tags = world.dice.sample(("Late parcel", "VIP", "No", "0", "any"), world.dice.choice((0, 0, 1, 2)))
    is_flagged, has_note = world.dice.random() < 0.3, world.dice.random() < 0.3
    for user in reviewers:
        factories.review(conversation, user)
    for name in tags:
        factories.tag(conversation, name)
    if is_flagged:
        factories.flag(conversation)
    if has_note:
        factories.note(conversation, "First")
        factories.note(conversation, "Second", message_id="m1")
    return {
        "reviewed": {"any", *(["me"] if world.me in reviewers else [])} if reviewers else {"no"},
        "flag": {"1" if is_flagged else "0"},
        "tag": {name.casefold() for name in tags} or {"none"},
        "note": {"1" if has_note else "0"},
    }
