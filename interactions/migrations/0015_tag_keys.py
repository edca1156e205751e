"""Gives tags keys that are the key of themselves; tags that were two for want of that become one."""

import unicodedata
from collections import defaultdict

from django.db import migrations


def key_of(name):
    """As interactions/models/tagname.py has it."""
    whole = " ".join(unicodedata.normalize("NFC", name).split())
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", whole).casefold())


def rekey(apps, schema_editor):
    tags = apps.get_model("interactions", "Tag").objects.using(schema_editor.connection.alias)
    taggings = apps.get_model("interactions", "Tagging").objects.using(schema_editor.connection.alias)
    alike = defaultdict(list)
    for tag in tags.order_by("pk"):
        alike[key_of(tag.name)].append(tag)
    changed = {}
    for key, (first, *others) in alike.items():
        for other in others:
            merge(taggings, other, first)
            tags.filter(pk=other.pk).delete()
        if first.key != key:
            changed[first.pk] = key
    # Out of the way first, as the new key of one may be the old key of another; no key begins with a blank.
    for pk in changed:
        tags.filter(pk=pk).update(key=f" {pk}")
    for pk, key in changed.items():
        tags.filter(pk=pk).update(key=key)


def merge(taggings, tag, into):
    """Where a conversation has both, the earlier stays."""
    had = dict(taggings.filter(tag=into).values_list("conversation", "tagged_at"))
    for tagging in taggings.filter(tag=tag, conversation__taggings__tag=into):
        is_later = tagging.tagged_at >= had[tagging.conversation_id]
        taggings.filter(tag=tag if is_later else into, conversation=tagging.conversation_id).delete()
    taggings.filter(tag=tag).update(tag=into)


class Migration(migrations.Migration):
    dependencies = [("interactions", "0014_took_part_filled")]

    operations = [migrations.RunPython(rekey, migrations.RunPython.noop)]
