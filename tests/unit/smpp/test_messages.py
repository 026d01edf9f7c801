"""What a deliver_sm is: a message of a USSD session, or a delivery receipt."""

import pytest
from hypothesis import given

from smpp import delivery, ussd
from smpp.delivery import Report
from smpp.pdu import PduError, ShortMessage, Tag
from smpp.ussd import CodeField, Kind, Rules, SessionRule
from tests.unit.smpp.pdus import message, messages

SIXDEE = Rules()
MICA = Rules(session=SessionRule.USER_MESSAGE_REFERENCE)
PLAIN = Rules(session=SessionRule.ITS_SESSION_NUMBER)


def told(operation: int, octets: bytes = b"1", *, its: int = -1, umr: int = -1) -> ShortMessage:
    """A message of a session that `its` or `umr` names."""
    tlvs = [(Tag.USSD_SERVICE_OP, bytes((operation,)))]
    if its >= 0:
        tlvs.append((Tag.ITS_SESSION_INFO, its.to_bytes(2)))
    if umr >= 0:
        tlvs.append((Tag.USER_MESSAGE_REFERENCE, umr.to_bytes(2)))
    return message(octets, tlvs=tuple(tlvs))


@pytest.mark.parametrize(
    ("operation", "its", "kind"),
    [
        (1, 0x0006, Kind.BEGIN),
        (18, 0x0006, Kind.ANSWER),
        (0x81, 0x0006, Kind.ABORT),
        (18, 0x0007, Kind.ABORT),
    ],
)
def test_an_operation_says_what_happens(operation: int, its: int, kind: Kind) -> None:
    heard = ussd.hear(told(operation, its=its), SIXDEE)
    assert (heard.kind, heard.session) == (kind, "0006")


@pytest.mark.parametrize(
    ("rules", "marks", "session"),
    [
        (MICA, {"umr": 0x3235}, "3235"),
        (MICA, {"umr": 0x3235, "its": 0x0001}, "3235"),
        (SIXDEE, {"its": 0xFFFE}, "fffe"),
        (PLAIN, {"its": 0x0704}, "0700"),
    ],
)
def test_a_session_is_named_by_the_rule(rules: Rules, marks: dict[str, int], session: str) -> None:
    assert (
        ussd.hear(told(18, its=marks.get("its", -1), umr=marks.get("umr", -1)), rules).session
        == session
    )


@pytest.mark.parametrize(
    ("rules", "marks", "ends", "expected"),
    [
        (SIXDEE, {"its": 6}, False, {Tag.USSD_SERVICE_OP: b"\x02", Tag.ITS_SESSION_INFO: b"\0\6"}),
        (SIXDEE, {"its": 6}, True, {Tag.USSD_SERVICE_OP: b"\x11", Tag.ITS_SESSION_INFO: b"\0\7"}),
        (
            MICA,
            {"umr": 7},
            True,
            {Tag.USSD_SERVICE_OP: b"\x11", Tag.USER_MESSAGE_REFERENCE: b"\0\7"},
        ),
    ],
)
def test_a_screen_goes_back_in_its_session(
    rules: Rules,
    marks: dict[str, int],
    expected: dict[Tag, bytes],
    *,
    ends: bool,
) -> None:
    heard = ussd.hear(told(18, its=marks.get("its", -1), umr=marks.get("umr", -1)), rules)
    screen = ussd.say(heard, "Recu", rules, ends=ends)
    assert dict(screen.tlvs) == expected
    assert (screen.destination.text, screen.source.text) == ("22376000001", "789")
    assert (screen.octets, screen.service_type) == (b"Recu", "USSD")


def test_the_octets_are_the_gateway_s_own() -> None:
    odd = Rules(begin=32, answer=33, ask=34, end=23, aborts=frozenset({35, 36}))
    kinds = [ussd.hear(told(number, its=6), odd).kind for number in (32, 33, 35, 36)]
    assert kinds == [Kind.BEGIN, Kind.ANSWER, Kind.ABORT, Kind.ABORT]
    heard = ussd.hear(told(33, its=6), odd)
    ended = ussd.say(heard, "", odd, ends=True)
    assert ended.tlv(Tag.USSD_SERVICE_OP) == b"\x17"


def test_the_code_stands_where_the_gateway_puts_it() -> None:
    begun = told(1, b"*789*1#", its=6)
    assert ussd.hear(begun, SIXDEE).text == "*789*1#"
    assert ussd.hear(begun, Rules(code=CodeField.DESTINATION_ADDR)).text == "789"


@pytest.mark.parametrize(
    "broken", [told(18), told(18, umr=1), told(99, its=6), message(tlvs=((0x501, b"\0\1"),))]
)
def test_a_message_without_session_or_operation_is_refused(broken: ShortMessage) -> None:
    with pytest.raises(PduError):
        ussd.hear(broken, SIXDEE)


@given(messages)
def test_any_message_is_heard_or_refused(body: ShortMessage) -> None:
    for rules in (SIXDEE, MICA, PLAIN):
        try:
            heard = ussd.hear(body, rules)
            delivery.read(body)
        except PduError:
            continue
        assert heard.caller == body.source


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (
            b"id:0000001A sub:001 submit date:2611221200 stat:DELIVRD err:000 text:Recu",
            Report("0000001A", "DELIVRD", "000"),
        ),
        (b"ID:7 STAT:undeliv ERR:1b", Report("7", "UNDELIV", "1b")),
        (b"id:7 stat:EXPIRED", Report("7", "EXPIRED")),
    ],
)
def test_a_receipt_is_read_from_its_text(octets: bytes, expected: Report) -> None:
    assert delivery.read(message(octets, esm_class=0x04)) == expected


def test_a_receipt_is_read_from_its_parameters_first() -> None:
    parameters = (
        (Tag.RECEIPTED_MESSAGE_ID, b"0000001A\0"),
        (Tag.MESSAGE_STATE, b"\x05"),
        (Tag.NETWORK_ERROR_CODE, b"\x03\x00\x1b"),
    )
    receipt = message(b"id:7 stat:DELIVRD", esm_class=0x04, tlvs=parameters)
    assert delivery.read(receipt) == Report("0000001A", "UNDELIV", "27")


def test_a_citizen_who_writes_like_a_receipt_is_a_citizen() -> None:
    assert delivery.read(message(b"id:7 stat:DELIVRD")) is None


def test_a_receipt_nobody_can_read_is_refused() -> None:
    with pytest.raises(PduError):
        delivery.read(message(b"all is well", esm_class=0x04))
