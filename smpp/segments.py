"""Long texts: cut into parts on the way out, found as parts of one on the way in.

Out: a header of six octets before each part (3GPP TS 23.040 9.2.3.24.1: 05 00 03 number total
position), the bit 0x40 of esm_class saying that it is there. In: that header, or with a number of
two octets (IEI 08), or the sar_* parameters. No sign is cut in two: not an escape of GSM-7 from
its letter, not a surrogate from its other half.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain import gsm7
from smpp.coding import Coding, coding_of, encode
from smpp.pdu import Address, PduError, ShortMessage, Status, Tag

HEADED = 0x40  # of esm_class: a user data header comes first
PARTS_MAX = 255
_SINGLE = {Coding.GSM: gsm7.SMS_SEPTETS, Coding.UCS2: gsm7.SMS_UNITS * 2}
_PART = {Coding.GSM: gsm7.SMS_PART_SEPTETS, Coding.UCS2: gsm7.SMS_PART_UNITS * 2}
_NUMBER_SIZE = {0x00: 1, 0x08: 2}  # octets, by information element


@dataclass(frozen=True, slots=True)
class Segment:
    """One short message of a text."""

    octets: bytes = field(repr=False)
    data_coding: int
    esm_class: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What a short message holds: position 1 of 1 is a whole text."""

    octets: bytes = field(repr=False)
    number: int = 0
    total: int = 1
    position: int = 1


def split(text: str, number: int) -> tuple[Segment, ...]:
    """Cut a text into as few short messages as it takes; `number` ties them together.

    Raises:
        PduError: it takes more parts than there can be.
    """
    coding = coding_of(text)
    whole = encode(text, coding)
    if len(whole) <= _SINGLE[coding]:
        return (Segment(whole, coding),)
    parts = tuple(_pieces(text, coding))
    if len(parts) > PARTS_MAX:
        raise PduError("a text of too many parts", Status.MESSAGE_LENGTH)
    heads = (bytes((5, 0, 3, number % 256, len(parts), at)) for at in range(1, len(parts) + 1))
    return tuple(
        Segment(head + part, coding, HEADED) for head, part in zip(heads, parts, strict=True)
    )


def write(source: Address, to: str, text: str, number: int) -> tuple[ShortMessage, ...]:
    """Write a text to a number as short messages; a receipt is asked for with the last one.

    Raises:
        PduError: it takes more parts than there can be.
    """
    parts = split(text, number)
    return tuple(
        ShortMessage(
            source=source,
            destination=Address(to.removeprefix("+"), 1, 1),
            octets=part.octets,
            esm_class=part.esm_class,
            data_coding=part.data_coding,
            registered_delivery=int(at == len(parts)),
        )
        for at, part in enumerate(parts, 1)
    )


def part_of(message: ShortMessage) -> Part:
    """Return what a short message holds, and which part of a text it is.

    Raises:
        PduError: its header is broken.
    """
    octets = message.octets or message.tlv(Tag.MESSAGE_PAYLOAD) or b""
    if message.esm_class & HEADED:
        return _headed(octets)
    return _checked(
        Part(
            octets,
            message.number(Tag.SAR_MSG_REF_NUM, 2) or 0,
            _or_one(message.number(Tag.SAR_TOTAL_SEGMENTS, 1)),
            _or_one(message.number(Tag.SAR_SEGMENT_SEQNUM, 1)),
        )
    )


def _or_one(number: int | None) -> int:
    return 1 if number is None else number


def _pieces(text: str, coding: Coding) -> Iterator[bytes]:
    room, piece = _PART[coding], b""
    for character in text:
        octets = encode(character, coding)
        if len(piece) + len(octets) > room:
            yield piece
            piece = b""
        piece += octets
    yield piece


def _headed(octets: bytes) -> Part:
    length = octets[0] + 1 if octets else 0
    if not 0 < length <= len(octets):
        raise PduError("a user data header without its end", Status.MESSAGE_LENGTH)
    found, text, at = Part(octets[length:]), octets[length:], 1
    while at < length:
        kind, size = octets[at], octets[at + 1] if at + 1 < length else 0
        value = octets[at + 2 : at + 2 + size]
        if at + 2 + size > length:
            raise PduError("an element without its end", Status.MESSAGE_LENGTH)
        wide = _NUMBER_SIZE.get(kind, 0)
        if wide and size == wide + 2:
            found = Part(text, int.from_bytes(value[:wide]), value[wide], value[wide + 1])
        at += 2 + size
    return _checked(found)


def _checked(part: Part) -> Part:
    if not 1 <= part.position <= part.total:
        raise PduError("a part without a place", Status.REJECTED)
    return part
