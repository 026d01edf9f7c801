"""How a message fared: the delivery receipt that a deliver_sm may be (SMPP 5.2.12, appendix B).

By its parameters receipted_message_id and message_state; else by its text, of which centres agree
on little more than `id:`, `stat:` and `err:`.
"""

import re
from dataclasses import dataclass

from smpp import coding
from smpp.pdu import PduError, ShortMessage, Status, Tag

_KINDS, _RECEIPT = 0x3C, 0x04  # bits 5 to 2 of esm_class
_TEXT = re.compile(
    r"\bid:\s*(?P<id>\S{1,64})\s.*?\bstat:\s*(?P<word>\w{2,16})(?:.*?\berr:\s*(?P<error>\w{1,16}))?",
    re.IGNORECASE | re.DOTALL,
)
_WORDS = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}


@dataclass(frozen=True, slots=True)
class Report:
    """`word` as in the text form: DELIVRD, UNDELIV, EXPIRED..."""

    message_id: str
    word: str
    error: str = ""


def read(message: ShortMessage) -> Report | None:
    """Return the receipt that a message is; None when it is a citizen's.

    Raises:
        PduError: it says it is one, and cannot be read.
    """
    by_parameters = _by_parameters(message)
    if by_parameters is not None or message.esm_class & _KINDS != _RECEIPT:
        return by_parameters
    octets = message.octets or message.tlv(Tag.MESSAGE_PAYLOAD) or b""
    found = _TEXT.search(coding.decode(octets, message.data_coding))
    if found is None:
        raise PduError("a receipt that cannot be read", Status.REJECTED)
    return Report(found["id"], found["word"].upper(), found["error"] or "")


def _by_parameters(message: ShortMessage) -> Report | None:
    octets = message.tlv(Tag.RECEIPTED_MESSAGE_ID)
    word = _WORDS.get(message.number(Tag.MESSAGE_STATE, 1) or 0)
    if octets is None or word is None:
        return None
    message_id = octets.partition(b"\0")[0]
    if not (message_id and message_id.isascii()):
        return None
    error = message.number(Tag.NETWORK_ERROR_CODE, 3)
    return Report(message_id.decode("ascii"), word, "" if error is None else f"{error & 0xFFFF}")
