"""Calls over HTTP, as a gateway sends them: one request, no redirects, bounded in time and size."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import urllib3

from homologation.gateways.base import Call, Reply

BODY_MAX = 65_536


class NoAnswerError(Exception):
    """Nothing came back in time, or nothing that is HTTP; `str()` names what happened."""


@dataclass(frozen=True, slots=True)
class Signature:
    """How calls are signed: the headers of the signature and of its timestamp, the key, the clock.

    What is signed is told in docs/channels.md; `now` gives Unix seconds.
    """

    header: str
    timestamp: str
    key: bytes = field(repr=False)
    now: Callable[[], float]

    def of(self, method: str, target: str, body: bytes) -> dict[str, str]:
        """Return the headers that prove a request."""
        stamp = str(int(self.now()))
        message = f"{stamp}\n{method}\n{target}\n".encode() + body
        digest = hmac.digest(self.key, message, "sha256").hex()
        return {self.header: digest, self.timestamp: stamp}


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a gateway proves itself with, besides its address: headers, and perhaps a signature."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    signature: Signature | None = None


class Carrier:
    """Carries calls to the address of one channel, its secret included."""

    def __init__(self, address: str, timeout: float, proofs: Proofs) -> None:
        self._address = address.rstrip("/")
        self._timeout = timeout
        self._proofs = proofs
        self._pool = urllib3.PoolManager(maxsize=8, retries=False)

    def __call__(self, call: Call, /) -> Reply:
        """Send a call.

        Raises:
            NoAnswerError: nothing came of it.
        """
        # A byte that is none of UTF-8 stands in a query as Python lets it stand in a text.
        query = urlencode(call.query, errors="surrogateescape")
        try:
            answer = self._pool.request(
                call.method,
                f"{self._address}{call.path}{'?' if query else ''}{query}",
                body=call.body or None,
                headers={**call.headers, **self._proving(call, query)},
                timeout=self._timeout,
                redirect=False,
                preload_content=False,
            )
            body = answer.read(BODY_MAX)
            answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise NoAnswerError(type(error).__name__) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, headers, body)

    def _proving(self, call: Call, query: str) -> Mapping[str, str]:
        signature = self._proofs.signature
        if signature is None:
            return self._proofs.headers
        target = f"{urlsplit(self._address).path}{call.path}?{query}"
        return {**self._proofs.headers, **signature.of(call.method, target, call.body)}
