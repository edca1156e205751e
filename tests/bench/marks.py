"""Marks as a team leaves them: on every tenth conversation of the benchmark's database, once."""

EVERY = 10
BATCH = 10_000
TAGS = ("Late parcel", "Coaching", "Praise", "Refund", "Bug")


def leave() -> None:
    """A review by one of the two readers, a tag and a note; a flag on every fifth of them."""
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.utils import timezone

    from interactions.models import Conversation, Flag, Note, Review, Tag, Tagging

    if Review.objects.exists():
        return
    now, users = timezone.now(), list(get_user_model().objects.filter(username__startswith="bench-"))
    tags = [Tag.objects.get_or_create(key=name.casefold(), defaults={"name": name})[0] for name in TAGS]
    marked = [pk for pk in Conversation.objects.values_list("pk", flat=True) if pk % EVERY == 0]
    for begin in range(0, len(marked), BATCH):
        pks = marked[begin : begin + BATCH]
        with transaction.atomic():
            Review.objects.bulk_create(
                Review(conversation_id=pk, user=users[pk // EVERY % len(users)], reviewed_at=now) for pk in pks
            )
            Tagging.objects.bulk_create(
                Tagging(conversation_id=pk, tag=tags[pk // EVERY % len(tags)], user=users[0], tagged_at=now)
                for pk in pks
            )
            Note.objects.bulk_create(
                Note(conversation_id=pk, user=users[0], text="Read this with Noor", written_at=now, nonce=str(pk))
                for pk in pks
            )
            Flag.objects.bulk_create(
                Flag(conversation_id=pk, user=users[0], flagged_at=now) for pk in pks if pk // EVERY % 5 == 0
            )
