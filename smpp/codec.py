"""The PDUs of an SMPP 3.4 transceiver as octets (SMPP v3.4 issue 1.2, chapters 3 to 5).

    header      command_length command_id command_status sequence_number, four octets each
    mandatory   in a fixed order; a C string ends with NUL within the size its field may have
    optional    tag and length, two octets each, and the value; whole to the last octet

What breaks one of these rules is refused with the command_status that says so. A response that
refuses may come without a body.
"""

import struct
from collections.abc import Iterator

from smpp.pdu import (
    Accepted,
    Address,
    Bind,
    Body,
    Command,
    Pdu,
    PduError,
    ShortMessage,
    Status,
    Tlvs,
)

HEADER = 16
LENGTH_MAX = 65_536
SHORT_MESSAGE_MAX = 254
INTERFACE_VERSION = 0x34
_OCTETS_MAX = 0xFFFF
_HEADER = struct.Struct(">IIII")
_TLV = struct.Struct(">HH")


class Frames:
    """Cuts a stream into PDUs, however it was cut on the way."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take what came, and yield each PDU that is whole.

        Raises:
            PduError: a length no PDU has: nothing after it can be found again.
        """
        self._rest += data
        while len(self._rest) >= HEADER:
            length = int.from_bytes(self._rest[:4])
            if not HEADER <= length <= LENGTH_MAX:
                raise PduError("a length no PDU has", Status.COMMAND_LENGTH)
            if len(self._rest) < length:
                return
            frame = bytes(self._rest[:length])
            del self._rest[:length]
            yield frame


def decode(frame: bytes) -> Pdu:
    """Read one PDU.

    Raises:
        PduError: it breaks a rule of the protocol; `status` and `sequence` say how to refuse it.
    """
    if not HEADER <= len(frame) <= LENGTH_MAX:
        raise PduError("a length no PDU has", Status.COMMAND_LENGTH)
    length, number, status, sequence = _HEADER.unpack_from(frame)
    if length != len(frame):
        raise PduError("not the length it says", Status.COMMAND_LENGTH, sequence)
    try:
        command = Command(number)
    except ValueError:
        raise PduError("an unknown command", Status.COMMAND, sequence) from None
    reader = _Reader(frame, sequence)
    body: Body = None
    match command:
        case Command.BIND_TRANSCEIVER:
            body = _bind(reader)
        case Command.SUBMIT_SM | Command.DELIVER_SM:
            body = _message(reader)
        case Command.BIND_TRANSCEIVER_RESP:
            body = _accepted(reader, 16)
        case Command.SUBMIT_SM_RESP | Command.DELIVER_SM_RESP:
            body = _accepted(reader, 65)
        case _:
            reader.tlvs()
    return Pdu(command, sequence, body, status)


def encode(pdu: Pdu) -> bytes:
    """Write one PDU.

    Raises:
        PduError: a field does not fit.
    """
    body = _written(pdu)
    length = HEADER + len(body)
    if length > LENGTH_MAX:
        raise PduError("longer than a PDU may be", Status.COMMAND_LENGTH)
    return _HEADER.pack(length, pdu.command, pdu.status, pdu.sequence) + body


def _written(pdu: Pdu) -> bytes:
    body = pdu.body
    if body is None:
        return b""
    if isinstance(body, Bind):
        return _written_bind(body)
    if isinstance(body, ShortMessage):
        return _written_message(body)
    size = 16 if pdu.command is Command.BIND_TRANSCEIVER_RESP else 65
    return _string(body.name, size) + _written_tlvs(body.tlvs)


class _Reader:
    def __init__(self, frame: bytes, sequence: int) -> None:
        self._frame = frame
        self._at = HEADER
        self._sequence = sequence

    @property
    def is_over(self) -> bool:
        return self._at == len(self._frame)

    def octet(self) -> int:
        return self.octets(1)[0]

    def octets(self, count: int, status: Status = Status.PARAMETER_LENGTH) -> bytes:
        if self._at + count > len(self._frame):
            raise PduError("ends before its fields", status, self._sequence)
        self._at += count
        return self._frame[self._at - count : self._at]

    def string(self, size: int) -> str:
        end = self._frame.find(b"\0", self._at, self._at + size)
        if end < 0:
            raise PduError("a string without its end", sequence=self._sequence)
        text = self._frame[self._at : end]
        self._at = end + 1
        if not text.isascii():
            raise PduError("a string that is not ASCII", sequence=self._sequence)
        return text.decode("ascii")

    def tlvs(self) -> Tlvs:
        found = []
        while not self.is_over:
            tag, length = _TLV.unpack(self.octets(_TLV.size, Status.PARAMETERS))
            found.append((tag, self.octets(length, Status.PARAMETERS)))
        return tuple(found)


def _bind(reader: _Reader) -> Bind:
    system_id, password, system_type = (reader.string(size) for size in (16, 9, 13))
    reader.octet()  # the version of the other side's protocol: any answers to 3.4
    ton, npi = reader.octets(2)
    bind = Bind(system_id, password, system_type, ton, npi, reader.string(41))
    reader.tlvs()
    return bind


def _accepted(reader: _Reader, size: int) -> Accepted:
    if reader.is_over:
        return Accepted()
    return Accepted(reader.string(size), reader.tlvs())


def _message(reader: _Reader) -> ShortMessage:
    service_type = reader.string(6)
    source, destination = _address(reader), _address(reader)
    esm_class, protocol_id, priority = reader.octets(3)
    scheduled, validity = reader.string(17), reader.string(17)
    registered, replaces, coding, canned, length = reader.octets(5)
    octets = reader.octets(length, Status.MESSAGE_LENGTH)
    if length > SHORT_MESSAGE_MAX:
        raise PduError("longer than a short message may be", Status.MESSAGE_LENGTH)
    return ShortMessage(
        source=source,
        destination=destination,
        octets=octets,
        service_type=service_type,
        esm_class=esm_class,
        protocol_id=protocol_id,
        priority=priority,
        scheduled=scheduled,
        validity=validity,
        registered_delivery=registered,
        replaces=replaces,
        data_coding=coding,
        canned=canned,
        tlvs=reader.tlvs(),
    )


def _address(reader: _Reader) -> Address:
    ton, npi = reader.octets(2)
    return Address(reader.string(21), ton, npi)


def _written_bind(bind: Bind) -> bytes:
    names = _string(bind.system_id, 16) + _string(bind.password, 9) + _string(bind.system_type, 13)
    numbers = _octets(INTERFACE_VERSION, bind.ton, bind.npi)
    return names + numbers + _string(bind.address_range, 41)


def _written_message(message: ShortMessage) -> bytes:
    if len(message.octets) > SHORT_MESSAGE_MAX:
        raise PduError("longer than a short message may be", Status.MESSAGE_LENGTH)
    return b"".join(
        (
            _string(message.service_type, 6),
            _written_address(message.source),
            _written_address(message.destination),
            _octets(message.esm_class, message.protocol_id, message.priority),
            _string(message.scheduled, 17),
            _string(message.validity, 17),
            _octets(message.registered_delivery, message.replaces, message.data_coding),
            _octets(message.canned, len(message.octets)),
            message.octets,
            _written_tlvs(message.tlvs),
        )
    )


def _written_address(address: Address) -> bytes:
    return _octets(address.ton, address.npi) + _string(address.text, 21)


def _written_tlvs(tlvs: Tlvs) -> bytes:
    if any(len(value) > _OCTETS_MAX for _, value in tlvs):
        raise PduError("longer than a parameter may be")
    return b"".join(_TLV.pack(tag, len(value)) + value for tag, value in tlvs)


def _string(text: str, size: int) -> bytes:
    if not text.isascii() or "\0" in text or len(text) >= size:
        raise PduError("a string that does not fit its field")
    return text.encode("ascii") + b"\0"


def _octets(*values: int) -> bytes:
    try:
        return bytes(values)
    except ValueError:
        raise PduError("a number that does not fit its field") from None
