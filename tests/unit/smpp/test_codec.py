"""PDUs: what is written is read again, and nothing else is read as one."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smpp.codec import HEADER, LENGTH_MAX, Frames, decode, encode
from smpp.pdu import Address, Bind, Command, Pdu, PduError, ShortMessage, Status, Tag
from tests.unit.smpp.pdus import message, messages, pdus

# An answer typed in a session of 6D's, octet by octet as the specification lays it out.
ANSWER = bytes.fromhex(
    "0000004e"  # command_length
    "00000005"  # deliver_sm
    "00000000"
    "00000007"  # sequence_number
    "5553534400"  # service_type USSD
    "0101" "323233373630303030303100"  # source 22376000001, international, ISDN
    "0001" "37383900"  # destination 789
    "000000" "00" "00" "0000" "00" "00"
    "0a" "34383231393337303238"  # 4821937028
    "0501" "0001" "12"  # ussd_service_op: USSR confirm
    "1383" "0002" "0006"  # its_session_info: session 3
    "0204" "0002" "0001"
)  # fmt: skip
SPOKEN = ShortMessage(
    source=Address("22376000001", 1, 1),
    destination=Address("789", 0, 1),
    octets=b"4821937028",
    service_type="USSD",
    tlvs=((0x0501, b"\x12"), (0x1383, b"\x00\x06"), (0x0204, b"\x00\x01")),
)


def read_or_refuse(frame: bytes) -> Pdu | PduError:
    """Return what is read, or why it is not: there is no third way."""
    try:
        return decode(frame)
    except PduError as error:
        return error


def test_an_answer_is_read_and_written_as_specified() -> None:
    expected = Pdu(Command.DELIVER_SM, 7, SPOKEN)
    assert decode(ANSWER) == expected
    assert encode(expected) == ANSWER


def test_a_bind_is_written_as_specified() -> None:
    bind = Bind("sarali", "secret", "USSD")
    written = encode(Pdu(Command.BIND_TRANSCEIVER, 1, bind))
    body = b"sarali\0secret\0USSD\0\x34\0\0\0"
    assert written == struct.pack(">IIII", 16 + len(body), 9, 0, 1) + body


@given(pdus)
def test_what_is_written_is_read_again(pdu: Pdu) -> None:
    assert decode(encode(pdu)) == pdu


@given(pdus)
def test_what_is_cut_anywhere_is_refused_or_whole(pdu: Pdu) -> None:
    """Cut between two parameters it is a shorter PDU; a response may have no body at all."""
    whole = encode(pdu)
    for length in range(HEADER, len(whole)):
        cut = struct.pack(">I", length) + whole[4:length]
        read = read_or_refuse(cut)
        assert read.sequence == pdu.sequence
        if isinstance(read, PduError):
            assert read.status is not Status.OK
        else:
            assert encode(read)[: len(cut)] == cut or pdu.command.answers


@given(st.binary(max_size=200), st.sampled_from([*Command, 0x99, 0x103]))
def test_a_foreign_body_is_read_or_refused(body: bytes, command: int) -> None:
    frame = struct.pack(">IIII", HEADER + len(body), command, 0, 1) + body
    read = read_or_refuse(frame)
    assert isinstance(read, PduError) or read.command == command


@given(messages, st.data())
def test_a_message_with_an_octet_changed_is_read_or_refused(
    body: ShortMessage, data: st.DataObject
) -> None:
    frame = bytearray(encode(Pdu(Command.DELIVER_SM, 1, body)))
    frame[data.draw(st.integers(HEADER, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    assert read_or_refuse(bytes(frame)).sequence == 1


@given(st.lists(pdus, max_size=5), st.data())
def test_a_stream_is_cut_into_pdus_however_it_comes(told: list[Pdu], data: st.DataObject) -> None:
    stream = b"".join(map(encode, told))
    frames, found, at = Frames(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, 80))
        found += list(frames.feed(stream[at : at + size]))
        at += size
    assert [decode(frame) for frame in found] == told


@pytest.mark.parametrize("length", [0, 15, LENGTH_MAX + 1, 0xFFFFFFFF])
def test_a_length_no_pdu_has_ends_the_stream(length: int) -> None:
    with pytest.raises(PduError) as refused:
        list(Frames().feed(struct.pack(">IIII", length, 5, 0, 1)))
    assert refused.value.status is Status.COMMAND_LENGTH


def test_an_unknown_command_is_refused_by_name() -> None:
    with pytest.raises(PduError) as refused:
        decode(struct.pack(">IIII", 16, 0x77, 0, 3))
    assert (refused.value.status, refused.value.sequence) == (Status.COMMAND, 3)


@pytest.mark.parametrize(
    "body",
    [
        message(b"x" * 255),
        message(source=Address("2" * 21)),
        message(source=Address("2\0003")),
        message(source=Address("é")),
        message(service_type="USSDUS"),
        message(data_coding=256),
        message(tlvs=((0x0424, b"x" * 65_536),)),
        message(tlvs=((0x0424, b"x" * 65_500),)),
    ],
)
def test_what_does_not_fit_is_not_written(body: ShortMessage) -> None:
    with pytest.raises(PduError):
        encode(Pdu(Command.SUBMIT_SM, 1, body))


def test_a_parameter_that_is_there_twice_is_none() -> None:
    twice = message(tlvs=((Tag.MESSAGE_STATE, b"\x02"), (Tag.MESSAGE_STATE, b"\x05")))
    assert twice.tlv(Tag.MESSAGE_STATE) is None
    assert twice.number(Tag.MESSAGE_STATE, 1) is None


def test_nothing_said_shows_in_a_representation() -> None:
    shown = repr(decode(ANSWER)) + repr(Bind("sarali", "secret"))
    assert not any(word in shown for word in ("22376000001", "4821937028", "secret"))
