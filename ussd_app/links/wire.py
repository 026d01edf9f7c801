"""One connection to a centre, plain or TLS, written and read by one thread.

Other threads may only `wake` it: OpenSSL does not bear two threads on one connection.
"""

import selectors
import socket
import ssl
from dataclasses import dataclass
from typing import Self

_CHUNK = 65_536
_UNREAD_MAX = 4_194_304  # who reads nothing for so long will read no more
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a centre listens; with a context of TLS its name is checked."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None


class Wire:
    """See the module. Every method but `wake` raises OSError once the connection is gone."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(0.0)
        self._connection = connection
        self._ear, self._bell = socket.socketpair()
        for end in (self._ear, self._bell):
            end.settimeout(0.0)
        self._out = bytearray()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._selector.register(connection, selectors.EVENT_READ)

    @classmethod
    def connect(cls, where: Where, timeout: float) -> Self:
        """Open a connection."""
        connection = socket.create_connection((where.host, where.port), timeout)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if where.tls is not None:
                connection = where.tls.wrap_socket(connection, server_hostname=where.host)
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    def wake(self) -> None:
        """Let `exchange` return at once."""
        try:
            self._bell.send(b"\0")
        except OSError:  # it has not heard the last one yet, or is gone
            return

    def exchange(self, out: bytes, patience: float) -> bytes:
        """Send, and return what comes within `patience` seconds, or nothing."""
        self._out += out
        self._send()
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
        self._selector.modify(self._connection, wanted)
        for key, _ in self._selector.select(patience):
            if key.fileobj is self._ear:
                self._ear.recv(_CHUNK)
        self._send()
        if len(self._out) > _UNREAD_MAX:
            raise ConnectionAbortedError("the centre does not read")
        return self._receive()

    def close(self) -> None:
        """Close it."""
        self._selector.close()
        for end in (self._connection, self._ear, self._bell):
            end.close()

    def _send(self) -> None:
        try:
            while self._out:
                del self._out[: self._connection.send(self._out)]
        except _NOT_NOW:
            return

    def _receive(self) -> bytes:
        heard = bytearray()
        try:
            while len(heard) < _CHUNK:
                data = self._connection.recv(_CHUNK)
                if not data:
                    if heard:
                        break  # what it said before it left is heard first
                    raise ConnectionResetError("closed by the centre")
                heard += data
        except _NOT_NOW:
            pass
        return bytes(heard)
