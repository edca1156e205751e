"""Addresses that stand in messages: which of them a person may open, and where they lead."""

import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

SCHEMES = frozenset({"http", "https"})
CONTACTS = frozenset({"mailto", "tel"})


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a person may open, and the host that it leads to."""

    address: str
    host: str


def link(address: object) -> Link | None:
    """The address as a link, or None unless it is http or https with a host."""
    if not isinstance(address, str):
        return None
    address = address.strip()
    if not _reads_as_it_is(address):
        return None
    try:
        parts = urlsplit(address)
        host = _plain_host(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or not host or "\\" in address:
        return None
    return Link(address, host + port)


def _reads_as_it_is(address: str) -> bool:
    # A control or direction mark would make the address read as another.
    return not any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in address)


def _plain_host(host: str) -> str:
    # A look-alike letter shows as what it is: xn--...
    return host if host.isascii() else host.encode("idna").decode("ascii")


def contact(address: str) -> str:
    """Whom `mailto:` or `tel:` leads to; "" for every other address. Words, not a link: nothing is called from here."""
    scheme, _, rest = address.partition(":")
    name = unquote(rest.partition("?")[0]).strip()
    return name if scheme.strip().lower() in CONTACTS and _reads_as_it_is(name) else ""
