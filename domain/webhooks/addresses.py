"""To which addresses events may be sent. What a name leads to is looked at again when the connection is made."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.errors import Invalid

URL_LIMIT = 2000
PLATFORM = ("logic.azure.com", "azure-apim.net", "api.powerplatform.com")
"""Where the flows of Power Automate and Logic Apps listen."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """`domains` with everything under them. `unsafe_loopback` lets events go to this machine, without encryption: for
    a laptop."""

    domains: tuple[str, ...] = PLATFORM
    unsafe_loopback: bool = False

    def check(self, url: str) -> None:
        """Raises `Invalid` (field `callbackUrl`) for an address that events are never sent to."""
        if len(url) > URL_LIMIT or not url.isascii() or not url.isprintable() or " " in url:
            raise Invalid("This is no web address.", field="callbackUrl")
        try:
            parts = urlsplit(url)
            host, _port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            raise Invalid("This is no web address.", field="callbackUrl") from None
        if parts.scheme not in ("http", "https") or not host or parts.username is not None or "\\" in url:
            raise Invalid("This is no web address.", field="callbackUrl")
        if self.unsafe_loopback and names_loopback(host):
            return
        if parts.scheme != "https":
            raise Invalid("The address has to start with https.", field="callbackUrl")
        if not any(host == domain or host.endswith(f".{domain}") for domain in self.domains):
            raise Invalid(
                "Events are not sent to {host}. Allowed are: {domains}.",
                field="callbackUrl",
                host=host,
                domains=", ".join(self.domains),
            )

    def may_connect(self, ip: str) -> bool:
        """Whether an address of the internet protocol may be connected to, whatever name led there."""
        try:
            address = ipaddress.ip_address(ip.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address):
            inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
            if inner is not None:
                return self.may_connect(str(inner)) and address.ipv4_mapped is not None
            if address in _TRANSLATED:
                return self.may_connect(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if self.unsafe_loopback and address.is_loopback:
            return True
        return address.is_global and not address.is_multicast and address != _AZURE_HOST


_AZURE_HOST = ipaddress.ip_address("168.63.129.16")
"""The host under every virtual machine of Azure: a public number that leads inside."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 as a NAT64 gateway shows it."""


def names_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
