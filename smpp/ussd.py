"""USSD over SMPP: which operation a message is, and which session it belongs to.

    deliver_sm  begin (PSSR indication), the dialled code in it    -> submit_sm  ask or end
    deliver_sm  answer (USSR confirm), what was typed in it        -> submit_sm  ask or end
    deliver_sm  an abort, or its_session_info with its last bit    -> nothing

The octets are those of ussd_service_op (SMPP 5.3.2.44) and differ from gateway to gateway above
19; so does what names a session. Mica: user_message_reference, two octets, used again and again.
6D: the first 15 bits of its_session_info. The protocol itself: its first octet, the seven bits
after it being a sequence number. The last bit says that the session ends.
Neither brings a number of the hop.
"""

from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from smpp import coding
from smpp.pdu import Address, PduError, ShortMessage, Status, Tag

_ENDS = 0x0001
_OCTETS = {Tag.USER_MESSAGE_REFERENCE: 2, Tag.ITS_SESSION_INFO: 2}


class SessionRule(StrEnum):
    """What names a session, beside the caller's number."""

    USER_MESSAGE_REFERENCE = "user_message_reference"
    ITS_SESSION_INFO = "its_session_info"
    ITS_SESSION_NUMBER = "its_session_number"

    @property
    def tag(self) -> Tag:
        """The parameter that holds it."""
        if self is SessionRule.USER_MESSAGE_REFERENCE:
            return Tag.USER_MESSAGE_REFERENCE
        return Tag.ITS_SESSION_INFO

    @property
    def mask(self) -> int:
        """The bits of it that do."""
        return {"user_message_reference": 0xFFFF, "its_session_info": 0xFFFE}.get(self, 0xFF00)


class CodeField(StrEnum):
    """Where the dialled code stands in the message that begins a session."""

    SHORT_MESSAGE = "short_message"
    DESTINATION_ADDR = "destination_addr"


@dataclass(frozen=True, slots=True)
class Rules:
    """The ways of one gateway; the octets are those of ussd_service_op."""

    session: SessionRule = SessionRule.ITS_SESSION_INFO
    code: CodeField = CodeField.SHORT_MESSAGE
    begin: int = 0x01
    answer: int = 0x12
    ask: int = 0x02
    end: int = 0x11
    aborts: frozenset[int] = frozenset({0x81})
    service_type: str = "USSD"
    data_coding: int = coding.Coding.GSM


class Kind(Enum):
    """What happens in a session."""

    BEGIN = auto()
    ANSWER = auto()
    ABORT = auto()


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a session. `mark` is the parameter that names it, as it came."""

    kind: Kind
    session: str
    caller: Address
    service: Address
    text: str = field(repr=False)  # the code at the beginning, then what was typed
    mark: int = 0


def is_ussd(message: ShortMessage) -> bool:
    """Whether a deliver_sm belongs to a USSD session."""
    return message.tlv(Tag.USSD_SERVICE_OP) is not None


def hear(message: ShortMessage, rules: Rules) -> Heard:
    """Read a message of a session.

    Raises:
        PduError: it does not name its session, or is of an operation that is not in the rules.
    """
    operation = message.number(Tag.USSD_SERVICE_OP, 1)
    mark = message.number(rules.session.tag, _OCTETS[rules.session.tag])
    if operation is None or mark is None:
        raise PduError("a session without a name", Status.REJECTED)
    octets = message.octets or message.tlv(Tag.MESSAGE_PAYLOAD) or b""
    text = coding.decode(octets, message.data_coding)
    kind = _kind(operation, mark, rules)
    if kind is Kind.BEGIN and rules.code is CodeField.DESTINATION_ADDR:
        text = message.destination.text
    session = f"{mark & rules.session.mask:04x}"
    return Heard(kind, session, message.source, message.destination, text.strip(), mark)


def say(heard: Heard, text: str, rules: Rules, *, ends: bool) -> ShortMessage:
    """Write the screen that answers a message of a session.

    Raises:
        PduError: the screen does not fit.
    """
    mark = heard.mark
    if rules.session.tag is Tag.ITS_SESSION_INFO:
        mark = (mark & ~_ENDS) | (_ENDS if ends else 0)
    octets = _OCTETS[rules.session.tag]
    operation = rules.end if ends else rules.ask
    return ShortMessage(
        source=heard.service,
        destination=heard.caller,
        octets=coding.encode(text, rules.data_coding),
        service_type=rules.service_type,
        data_coding=rules.data_coding,
        tlvs=(
            (Tag.USSD_SERVICE_OP, bytes((operation,))),
            (rules.session.tag, mark.to_bytes(octets)),
        ),
    )


def _kind(operation: int, mark: int, rules: Rules) -> Kind:
    ended = rules.session.tag is Tag.ITS_SESSION_INFO and mark & _ENDS
    if ended or operation in rules.aborts:
        return Kind.ABORT
    if operation == rules.begin:
        return Kind.BEGIN
    if operation == rules.answer:
        return Kind.ANSWER
    raise PduError("an operation without a rule", Status.REJECTED)
