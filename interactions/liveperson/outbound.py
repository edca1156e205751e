"""Which addresses may be called, and how a service's bare host becomes one."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from interactions.liveperson.errors import OutboundRefused

LIVEPERSON_SUFFIXES = (".liveperson.net", ".lpsnmedia.net")

_HOST = re.compile(r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Outbound:
    """The rule: LivePerson's hosts and those with an allowed suffix, by the directory's scheme.

    Loopback may be called exactly when the directory is on loopback, and plain http goes nowhere else.
    """

    scheme: str
    api_host: str
    is_loopback: bool
    suffixes: tuple[str, ...]

    @classmethod
    def of(cls, api_url: str, allowed_hosts: tuple[str, ...] = ()) -> "Outbound":
        """The rule for a directory address such as https://api.liveperson.net; OutboundRefused if it breaks it."""
        parts = urlsplit(api_url.strip())
        if parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
            raise OutboundRefused("the API address must look like https://api.liveperson.net")
        suffixes = tuple("." + host.strip().lower().strip(".*") for host in allowed_hosts if host.strip(" .*"))
        host = parts.netloc.lower()
        rule = cls(parts.scheme, host, _is_loopback(_bare(host)), LIVEPERSON_SUFFIXES + suffixes)
        rule.base_url(host)
        return rule

    @property
    def api_url(self) -> str:
        """The directory's own address, without a path."""
        return f"{self.scheme}://{self.api_host}"

    def base_url(self, host: str) -> str:
        """`scheme://host` for a host, with or without port, as the directory names it."""
        host = host.strip().lower()
        bare = _bare(host)
        if _is_loopback(bare):
            if not self.is_loopback:
                raise OutboundRefused("a loopback address, though the API address is not one")
        elif self.scheme != "https":
            raise OutboundRefused("plain http is allowed to loopback addresses only")
        elif not any(f".{bare}".endswith(suffix) for suffix in self.suffixes):
            raise OutboundRefused("a host that is neither LivePerson's nor in LIVEPERSON_ALLOWED_HOSTS")
        return f"{self.scheme}://{host}"

    def check(self, url: str) -> None:
        """Refuse an address that is not by this rule: the last look before anything is sent."""
        parts = urlsplit(url)
        if parts.scheme != self.scheme:
            raise OutboundRefused("an address with another scheme than the API address")
        self.base_url(parts.netloc)


def _bare(host: str) -> str:
    # User names, paths, spaces and foreign letters all fail here: a base URI is a host and perhaps a port.
    found = _HOST.fullmatch(host)
    if found is None or int(found["port"] or 1) not in range(1, 65536):
        raise OutboundRefused("an address that is no host name")
    return found["host"].strip("[]")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
