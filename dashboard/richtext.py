"""Formatted text of messages made safe to show: our own allow-list, nothing fetched, links with their host."""

import re
import unicodedata
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe

SCHEMES = frozenset({"http", "https"})
REL = "noopener noreferrer nofollow"

# No `img`: a remote picture is a beacon. No `style`, `class`, `id`: the policy blocks or our own sheets would answer.
_TAGS = {"a", "b", "blockquote", "br", "code", "div", "em", "i", "li", "ol", "p", "pre", "s", "strong", "u", "ul"}
_LOSE_CONTENT = {"script", "style", "title", "template", "noscript"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_LOSE_CONTENT,
    attributes={"a": {"href"}},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_ANCHOR = re.compile(r'<a((?:\s+[\w-]+="[^"]*")*)>(.*?)</a>', re.DOTALL)
_HREF = re.compile(r'\shref="([^"]*)"')


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
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in address):
        return None  # a control or direction mark would make the address read as another
    try:
        parts = urlsplit(address)
        host = _plain_host(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or not host or "\\" in address:
        return None
    return Link(address, host + port)


def _plain_host(host: str) -> str:
    # A look-alike letter shows as what it is: xn--...
    return host if host.isascii() else host.encode("idna").decode("ascii")


def clean(html: str) -> SafeString:
    """TEXT_HTML as harmless HTML: formatting stays, everything that loads, runs or asks goes."""
    return mark_safe(_ANCHOR.sub(_with_host, _CLEANER.clean(html)))  # noqa: S308 - this is the sanitiser


def _with_host(found: re.Match[str]) -> str:
    attributes, label = found.groups()
    href = _HREF.search(attributes)
    target = link(_unescaped(href[1])) if href else None
    if target is None:
        return label
    address = escape(target.address)
    return f'<a href="{address}" target="_blank" rel="{REL}">{label} <span>({escape(target.host)} ↗)</span></a>'


def _unescaped(attribute: str) -> str:
    return (
        attribute.replace("&quot;", '"')
        .replace("&nbsp;", "\xa0")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )


def words(html: str) -> str:
    """The words of formatted text alone."""
    return " ".join(nh3.clean(html, tags=set(), clean_content_tags=_LOSE_CONTENT).split())
