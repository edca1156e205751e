"""How the channels that conversations come by are called: LivePerson's word for the web is SHARK."""

CHANNELS = {
    "shark": "web",
    "app": "app",
    "sms": "SMS",
    "agent": "agent",
    "facebook": "Facebook",
    "apple_business_chat": "Apple Business Chat",
    "whatsapp_business": "WhatsApp Business",
}


def channel_word(code: str) -> str:
    """The word for a channel; one that LivePerson adds reads as its code without underscores."""
    return CHANNELS.get(code, code.replace("_", " "))
