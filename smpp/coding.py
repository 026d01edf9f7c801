"""Text and octets by data_coding (SMPP 5.2.19, 3GPP TS 23.038).

The default alphabet of a centre is GSM-7, one septet an octet, not packed. USSD gateways also say
15 for it and 72 for UCS-2, as the coding scheme of cell broadcast does.
What a citizen has sent is always read: a sign that does not exist becomes `?`.
"""

from enum import IntEnum

from domain import gsm7
from smpp.pdu import PduError, Status

_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_MORE = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_OCTETS = {character: bytes([code]) for code, character in enumerate(_GSM) if code != _ESCAPE}
_OCTETS |= {character: bytes([_ESCAPE, code]) for code, character in _MORE.items()}


class Coding(IntEnum):
    """The codings we write."""

    GSM = 0
    ASCII = 1
    LATIN = 3
    UCS2 = 8


# Those we read: 0xF0 to 0xF3 are GSM-7 with a class of message.
_READ = {
    0: Coding.GSM,
    1: Coding.ASCII,
    3: Coding.LATIN,
    8: Coding.UCS2,
    15: Coding.GSM,
    72: Coding.UCS2,
    **dict.fromkeys(range(0xF0, 0xF4), Coding.GSM),
}


def coding_of(text: str) -> Coding:
    """Return the coding that carries `text` in the fewest messages."""
    return Coding.UCS2 if gsm7.septets(text) is None else Coding.GSM


def encode(text: str, data_coding: int) -> bytes:
    """Write a text.

    Raises:
        PduError: the coding does not have one of its signs, or is none of a text.
    """
    try:
        match _coding(data_coding):
            case Coding.GSM:
                return b"".join(_OCTETS[character] for character in text)
            case Coding.UCS2:
                return text.encode("utf-16-be")
            case Coding.ASCII:
                return text.encode("ascii")
            case Coding.LATIN:
                return text.encode("latin-1")
    except (KeyError, UnicodeEncodeError):
        raise PduError("a sign that the coding does not have", Status.REJECTED) from None


def decode(octets: bytes, data_coding: int) -> str:
    """Read a text.

    Raises:
        PduError: the coding is none of a text.
    """
    match _coding(data_coding):
        case Coding.GSM:
            return _read_gsm(octets)
        case Coding.UCS2:
            return octets.decode("utf-16-be", errors="replace").replace("\ufffd", "?")
        case Coding.ASCII:
            return octets.decode("ascii", errors="replace").replace("\ufffd", "?")
        case Coding.LATIN:
            return octets.decode("latin-1")


def _coding(data_coding: int) -> Coding:
    if data_coding not in _READ:
        raise PduError("no coding of a text", Status.REJECTED)
    return _READ[data_coding]


def _read_gsm(octets: bytes) -> str:
    said, escaped = [], False
    for octet in octets:
        if octet == _ESCAPE and not escaped:
            escaped = True
            continue
        plain = _GSM[octet] if octet < len(_GSM) and octet != _ESCAPE else "?"
        said.append(_MORE.get(octet, plain) if escaped else plain)
        escaped = False
    return "".join(said)
