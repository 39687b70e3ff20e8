"""Whether a request was meant for this server: against DNS rebinding and other sites' pages.

A page from elsewhere can give its own name this machine's address, and then read what the server
answers. Such a request carries that name in `Host`, so names must be known here. An address is
never such a name and is always taken.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit


class HostCheck:
    """Compares `Host` and `Origin` of requests with the names of this server.

    Case and ports are ignored.

    Args:
        names: that visitors may use besides IP addresses, `localhost` and this machine's name.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.named = frozenset(name.lower().rstrip('.') for name in names)
        own = {'localhost', socket.gethostname().lower()}
        self.names = self.named | own | {f'{name}.local' for name in own}

    def refusal(self, method: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Why a request is refused, in one sentence; empty where it is not."""
        found = {b'host': [], b'origin': []}
        for name, value in headers:
            found.setdefault(name.lower(), []).append(value.decode('latin-1'))
        if len(found[b'host']) != 1 or not self._is_own(found[b'host'][0]):
            return 'this page has another name: open it by its address, or add --allow-host'
        # Browsers set this header themselves; a policy without referrers may blank the origin.
        ours = found.get(b'sec-fetch-site') == ['same-origin']
        sent = method not in ('GET', 'HEAD') and not ours
        if sent and not self._is_same(found[b'origin'], found[b'host'][0]):
            return 'a page of another site has sent this request: open the page itself'
        return ''

    def _is_own(self, host: str) -> bool:
        name = _host_name(f'//{host}')
        return name in self.names or _is_address(name)

    def _is_same(self, origins: list[str], host: str) -> bool:
        """Whether no page or our own has sent it; behind a proxy, `Host` may be the proxy's."""
        return all(
            _host_name(origin) in self.named or origin.lower().partition('://')[2] == host.lower()
            for origin in origins
        )


def _host_name(url: str) -> str | None:
    """The host of an address, in lower case; None if there is none."""
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return None
    return name.rstrip('.') if name else None


def _is_address(name: str | None) -> bool:
    try:
        ipaddress.ip_address(name or '')
    except ValueError:
        return False
    return True
