"""Calls over HTTP/1.1 on kept connections, as a gateway makes them: a few, used by everybody.

Many subscribers share one thread, for what a load costs is taken from the machine that is measured.
"""

import asyncio
import ssl
from contextlib import suppress
from urllib.parse import quote, urlencode, urlsplit

from homologation.gateways.base import Call, Reply

_HEAD_MAX, _BODY_MAX = 16_384, 65_536
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class LostError(OSError):
    """No whole answer came back; `str()` says what kind of nothing."""


class Wire:
    """The way to a channel at `address`, `http://host:port/ussd/<channel>`."""

    def __init__(self, address: str, connections: int, patience_s: float) -> None:
        parts = urlsplit(address)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._path = parts.path.rstrip("/")
        self._authority = parts.netloc.rpartition("@")[2]
        self._free: list[_Connection] = []
        self._places = asyncio.Semaphore(connections)
        self._patience_s = patience_s

    async def __call__(self, call: Call) -> Reply:
        """Send a call and wait for what comes back.

        Raises:
            LostError: nothing did, in time or at all.
        """
        async with self._places:
            try:
                return await asyncio.wait_for(self._exchange(call), self._patience_s)
            except TimeoutError:
                raise LostError("timeout") from None
            except (OSError, ValueError, EOFError) as error:
                raise LostError(type(error).__name__) from None

    async def close(self) -> None:
        """Close the connections."""
        for _, writer in self._free:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        self._free.clear()

    async def _exchange(self, call: Call) -> Reply:
        reader, writer = await self._connection()
        try:
            writer.write(self._written(call))
            await writer.drain()
            reply, kept = await _read(reader)
        except BaseException:
            writer.close()
            raise
        if kept:
            self._free.append((reader, writer))
        else:
            writer.close()
        return reply

    async def _connection(self) -> _Connection:
        while self._free:
            reader, writer = self._free.pop()
            if not reader.at_eof():  # a server closes what has rested for long
                return reader, writer
            writer.close()
        tls = ssl.create_default_context() if self._secure else None
        return await asyncio.open_connection(self._host, self._port, ssl=tls, limit=_HEAD_MAX)

    def _written(self, call: Call) -> bytes:
        query = f"?{urlencode(call.query)}" if call.query else ""
        told = {
            "host": self._authority,
            **{name.lower(): value for name, value in call.headers.items()},
            "content-length": str(len(call.body)),
        }
        lines = [
            f"{call.method} {self._path}{quote(call.path)}{query} HTTP/1.1",
            *(f"{name}: {value}" for name, value in told.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + call.body


async def _read(reader: asyncio.StreamReader) -> tuple[Reply, bool]:
    """Read an answer; tell whether the connection stays."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ", 2)[1])
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= _BODY_MAX:
        raise ValueError
    body = await reader.readexactly(length)
    return Reply(status, headers, body), headers.get("connection", "").lower() != "close"
