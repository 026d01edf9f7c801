r"""Who may speak on a channel. What is not proved lets nobody in, and nothing here does I/O.

    networks      the address it comes from, as the declared proxies tell it
    shared        a header that holds one of the secrets we have given to the gateway
    signature     a header that holds, in hex, the HMAC-SHA256 of
                  `<timestamp>\n<method>\n<path>?<query>\n<body>`, the path decoded as it arrives
                  here; another holds the timestamp, Unix seconds, which may be wrong by five
                  minutes
    certificate   the gateway's, as a declared proxy tells it: whoever else tells it is not heard

Two secrets may be valid at once, so that they can be changed. The same signed request may come
again: it is the gateway repeating a turn, and that does nothing twice where hops have an identity.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address

_WINDOW_S = 300
_TIMESTAMP_DIGITS_MAX = 12


@dataclass(frozen=True, slots=True)
class Knock:
    """A request at the door. `target` is its path with the query; header names in small letters.

    `certificate` is what a declared proxy says of the client's; empty when none does.
    """

    address: str
    method: str
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """A header and the secrets it may hold."""

    header: str
    secrets: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """The headers of the signature and of its timestamp, and the keys it may be made with."""

    header: str
    timestamp: str
    keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Guard:
    """What a gateway has to prove; nothing asked is nothing proved, and lets everybody in."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    shared: Shared | None = None
    signature: Signature | None = None
    certificates: tuple[str, ...] = ()

    @property
    def proves(self) -> bool:
        """Whether it asks for more than an address."""
        return bool(self.shared or self.signature or self.certificates)

    def admits(self, knock: Knock, now: datetime) -> bool:
        """Whether `knock` may be heard."""
        return (
            (not self.networks or self._from_inside(knock.address))
            and (self.shared is None or _knows(self.shared, knock))
            and (self.signature is None or _signed(self.signature, knock, now))
            and (not self.certificates or knock.certificate in self.certificates)
        )

    def _from_inside(self, address: str) -> bool:
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self.networks)


def _knows(shared: Shared, knock: Knock) -> bool:
    given = knock.headers.get(shared.header, "").encode()
    matches = [hmac.compare_digest(given, secret) for secret in shared.secrets]
    return any(matches)


def _signed(signature: Signature, knock: Knock, now: datetime) -> bool:
    stamp = knock.headers.get(signature.timestamp, "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _TIMESTAMP_DIGITS_MAX):
        return False
    if abs(now.timestamp() - int(stamp)) > _WINDOW_S:
        return False
    message = f"{stamp}\n{knock.method}\n{knock.target}\n".encode() + knock.body
    given = knock.headers.get(signature.header, "").lower().encode()
    matches = [
        hmac.compare_digest(given, hmac.digest(key, message, "sha256").hex().encode())
        for key in signature.keys
    ]
    return any(matches)
