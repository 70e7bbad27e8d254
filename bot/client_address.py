"""Whose address a request comes from, behind the proxies that are trusted.

`aiohttp-remotes` has no fit for this: its `XForwardedFiltered` never looks at the peer, so that
whoever reaches the port directly may claim any address, `XForwardedStrict` wants one fixed number
of proxies, and both take host and scheme from the headers and refuse requests for an odd one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from aiohttp import hdrs, web

from bot.values import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: web.Request, trusted: Iterable[Network]) -> Address | None:
    """The peer; where it is a trusted proxy, the hop nearest to us that is none (X-Forwarded-For).

    None where a trusted proxy names something that is no address: nobody knows who that is.
    """
    networks = tuple(trusted)
    headers = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ()))
    hops = [hop.strip() for hop in headers.split(",") if hop.strip()]
    address = _address(request.remote or "")
    while hops and address and any(address in network for network in networks):
        address = _address(hops.pop())  # each proxy appends whom it heard
    return address


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both kinds shows IPv4 so.
    return getattr(address, "ipv4_mapped", None) or address
