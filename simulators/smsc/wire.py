"""SMPP 3.4 as this centre reads and writes it: one format string a body, no shared code."""

import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

SUBMIT, DELIVER, UNBIND, BIND, ENQUIRE = 0x4, 0x5, 0x6, 0x9, 0x15
NACK, RESPONSE = 0x80000000, 0x80000000
OK, NOT_BOUND, BAD_SYSTEM, BAD_PASSWORD, BAD_DESTINATION = 0, 0x4, 0xF, 0xE, 0xB
FULL, FAILED, THROTTLED, UNKNOWN, BAD_VALUE = 0x14, 0x45, 0x58, 0x3, 0xC4
REFERENCE, RECEIPTED, STATE, PAYLOAD = 0x204, 0x1E, 0x427, 0x424
OPERATION, SESSION = 0x501, 0x1383
_LARGEST: Final = 65_536


@dataclass(frozen=True, slots=True)
class Packet:
    command: int
    status: int
    sequence: int
    body: bytes = b""

    def to_bytes(self) -> bytes:
        return struct.pack(
            f"!4L{len(self.body)}s",
            16 + len(self.body),
            self.command,
            self.status,
            self.sequence,
            self.body,
        )


@dataclass(frozen=True, slots=True)
class Text:
    """What submit_sm and deliver_sm carry. `more` are the optional parameters."""

    sender: str
    receiver: str
    octets: bytes
    coding: int = 0
    esm: int = 0
    wants_receipt: bool = False
    service: str = ""
    more: Mapping[int, bytes] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        body = self.service.encode() + b"\0"
        for who in (self.sender, self.receiver):
            body += struct.pack(f"!BB{len(who)}sx", who.isdigit(), 1, who.encode())
        body += struct.pack(
            f"!BBBxxBBBBB{len(self.octets)}s",
            *(self.esm, 0, 0),
            *(int(self.wants_receipt), 0, self.coding, 0, len(self.octets)),
            self.octets,
        )
        for tag, octets in self.more.items():
            body += struct.pack(f"!HH{len(octets)}s", tag, len(octets), octets)
        return body


def parse_text(body: bytes) -> Text:
    """Read the body of submit_sm.

    Raises:
        ValueError: it is none.
    """
    try:
        service, rest = _until_nul(body)
        sender, rest = _until_nul(rest[2:])
        receiver, rest = _until_nul(rest[2:])
        esm, _protocol, _priority = struct.unpack_from("!3B", rest)
        _when, rest = _until_nul(rest[3:])
        _until, rest = _until_nul(rest)
        registered, _replace, coding, _canned, size = struct.unpack_from("!5B", rest)
        octets, rest, more = rest[5 : 5 + size], rest[5 + size :], {}
        while rest:
            tag, length = struct.unpack_from("!HH", rest)
            more[tag], rest = rest[4 : 4 + length], rest[4 + length :]
    except struct.error as error:
        raise ValueError("cut short") from error
    return Text(sender, receiver, octets, coding, esm, bool(registered & 1), service, more)


def parse_bind(body: bytes) -> tuple[str, str]:
    """Return who wants to be bound, and the password."""
    name, rest = _until_nul(body)
    return name, _until_nul(rest)[0]


def named(text: str) -> bytes:
    """Return the body of a response."""
    return text.encode() + b"\0"


def read_packets(connection: socket.socket) -> Iterator[Packet]:
    """Yield what comes until the other side closes."""
    with connection.makefile("rb") as stream:
        while len(head := stream.read(16)) == 16:  # noqa: PLR2004 - a header
            length, command, status, sequence = struct.unpack("!4L", head)
            if not 16 <= length <= _LARGEST:  # noqa: PLR2004 - same
                return
            yield Packet(command, status, sequence, stream.read(length - 16))


def _until_nul(octets: bytes) -> tuple[str, bytes]:
    before, nul, after = octets.partition(b"\0")
    if not nul:
        raise ValueError("cut short")
    return before.decode("ascii"), after
