"""What people type into marks, cleaned; errors are sentences."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from django import forms

from interactions.models import (
    LONGEST_NOTE,
    LONGEST_TAG,
    NO_TAG,
    Conversation,
    Message,
    is_tag_seen,
    tag_key,
    tag_name,
)


def _prints(text: str) -> str:
    """The text without what a database or a page refuses: lone surrogates, NUL and other control characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


class TagForm(forms.Form):
    tag = forms.CharField(error_messages={"required": "A tag needs at least one letter."}, strip=False)

    def clean_tag(self) -> str:
        name = tag_name(_prints(self.cleaned_data["tag"]))
        if not is_tag_seen(name):
            raise forms.ValidationError("A tag needs at least one letter.")
        if len(name) > LONGEST_TAG:
            raise forms.ValidationError(f"A tag has at most {LONGEST_TAG} characters; this one has {len(name)}.")
        if tag_key(name) == NO_TAG:
            raise forms.ValidationError(f"“{name}” stands for conversations without a tag: choose another word.")
        return name


class NoteForm(forms.Form):
    text = forms.CharField(error_messages={"required": "A note needs at least one letter."}, strip=False)
    message = forms.CharField(required=False, strip=False)
    nonce = forms.CharField(required=False)

    def __init__(self, *args: Any, conversation: Conversation | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._conversation = conversation

    def clean_text(self) -> str:
        text = _prints(self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")).strip()
        if not text:
            raise forms.ValidationError("A note needs at least one letter.")
        if len(text) > LONGEST_NOTE:
            raise forms.ValidationError(f"A note has at most {LONGEST_NOTE:,} characters; this one has {len(text):,}.")
        return text

    def clean_message(self) -> str:
        """LivePerson's id of a message of this conversation, or "" for a note on the whole of it.

        Conversation.DoesNotExist where the conversation was removed meanwhile.
        """
        given: str = self.cleaned_data["message"]
        if not given or self._conversation is None:
            return ""
        if "\0" in given or not Message.objects.of(self._conversation.pk).filter(message_id=given).exists():
            # Removed as a whole: then nothing can be written about all of it either.
            Conversation.objects.only("pk").get(pk=self._conversation.pk)
            raise forms.ValidationError(
                "This message is not in the conversation any more; the note can be about all of it."
            )
        return given

    def clean_nonce(self) -> str:
        try:
            return str(uuid.UUID(self.cleaned_data["nonce"]))
        except ValueError:  # a form of somebody's own making, which cannot be told from its repetition
            return str(uuid.uuid4())
