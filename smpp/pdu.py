"""The PDUs of an SMPP 3.4 transceiver as values (SMPP v3.4 issue 1.2, chapters 4 and 5)."""

from dataclasses import dataclass, field
from enum import IntEnum

_RESPONSE = 0x80000000


class Command(IntEnum):
    """What a PDU is; a response has the highest bit set."""

    SUBMIT_SM = 0x00000004
    DELIVER_SM = 0x00000005
    UNBIND = 0x00000006
    BIND_TRANSCEIVER = 0x00000009
    ENQUIRE_LINK = 0x00000015
    GENERIC_NACK = 0x80000000
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM_RESP = 0x80000005
    UNBIND_RESP = 0x80000006
    BIND_TRANSCEIVER_RESP = 0x80000009
    ENQUIRE_LINK_RESP = 0x80000015

    @property
    def answers(self) -> bool:
        """Whether it is a response."""
        return self >= _RESPONSE

    @property
    def response(self) -> "Command":
        """The response to this request."""
        return Command(self | _RESPONSE)


class Status(IntEnum):
    """The words of command_status that are said or understood here."""

    OK = 0x00
    MESSAGE_LENGTH = 0x01
    COMMAND_LENGTH = 0x02
    COMMAND = 0x03
    BIND_STATUS = 0x04
    SYSTEM_ERROR = 0x08
    DESTINATION = 0x0B
    QUEUE_FULL = 0x14
    THROTTLED = 0x58
    COME_AGAIN = 0x64  # ESME_RX_T_APPN: a temporary error of the receiver's
    REJECTED = 0x66  # ESME_RX_R_APPN: the receiver will never take it
    PARAMETERS = 0xC0
    PARAMETER_LENGTH = 0xC2


class Tag(IntEnum):
    """The optional parameters that are said or understood here."""

    RECEIPTED_MESSAGE_ID = 0x001E
    USER_MESSAGE_REFERENCE = 0x0204
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427
    USSD_SERVICE_OP = 0x0501
    ITS_REPLY_TYPE = 0x1380
    ITS_SESSION_INFO = 0x1383


class PduError(ValueError):
    """What came is no PDU, or not one that can be used; `str()` shows nothing of it."""

    def __init__(
        self, reason: str, status: Status = Status.PARAMETER_LENGTH, sequence: int = 0
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.sequence = sequence


Tlvs = tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Bind:
    """The body of bind_transceiver."""

    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    ton: int = 0
    npi: int = 0
    address_range: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The body of a response: the centre's name after a bind, a message's id after a message."""

    name: str = ""
    tlvs: Tlvs = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Who sends or receives: type of number, numbering plan, digits or letters."""

    text: str = field(repr=False)
    ton: int = 0
    npi: int = 0


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """The body of submit_sm and of deliver_sm."""

    source: Address
    destination: Address
    octets: bytes = field(default=b"", repr=False)
    service_type: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority: int = 0
    scheduled: str = ""
    validity: str = ""
    registered_delivery: int = 0
    replaces: int = 0
    data_coding: int = 0
    canned: int = 0
    tlvs: Tlvs = field(default=(), repr=False)

    def tlv(self, tag: Tag) -> bytes | None:
        """Return an optional parameter; one that is there twice is none."""
        values = [value for found, value in self.tlvs if found == tag]
        return values[0] if len(values) == 1 else None

    def number(self, tag: Tag, octets: int) -> int | None:
        """Return an optional parameter that is an integer of so many octets."""
        value = self.tlv(tag)
        return int.from_bytes(value) if value is not None and len(value) == octets else None


Body = Bind | Accepted | ShortMessage | None


@dataclass(frozen=True, slots=True)
class Pdu:
    """One PDU."""

    command: Command
    sequence: int
    body: Body = None
    status: int = Status.OK
