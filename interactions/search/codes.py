"""Words for what LivePerson writes in codes; a code that it adds reads as itself without underscores."""

from django.utils.translation import get_language_info

# LivePerson's word for the web is SHARK.
CHANNELS = {
    "shark": "web",
    "app": "app",
    "sms": "SMS",
    "agent": "agent",
    "facebook": "Facebook",
    "apple business chat": "Apple Business Chat",
    "whatsapp business": "WhatsApp Business",
}
DEVICES = {"na": "not known"}
# in_queue is said while nobody has the conversation, active once an agent or a bot took it; a closed one keeps what
# was said last.
QUEUES = {"in_queue": "waiting", "active": "taken"}
# LivePerson's own bands, never computed from the number.
BANDS = {-1: "negative", 0: "neutral", 1: "positive"}


def channel_word(code: str) -> str:
    return code_word(code, CHANNELS)


def device_word(code: str) -> str:
    return code_word(code, DEVICES)


def queue_word(code: str) -> str:
    return code_word(code, QUEUES)


def language_word(code: str) -> str:
    """ "de-de" as "German (de-de)", as far as the language has a name."""
    try:
        return f"{get_language_info(code.replace('_', '-'))['name']} ({code})"
    except KeyError:
        return code_word(code)


def code_word(code: str, known: dict[str, str] | None = None) -> str:
    """The word for a code: "shark" as "web" among the channels, "smart_tv" as "smart tv" anywhere."""
    plain, words = " ".join(code.replace("_", " ").split()), known or {}
    return words.get(code) or words.get(plain, plain or code)
