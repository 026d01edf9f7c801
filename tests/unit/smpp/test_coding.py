"""Text and octets, texts and parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import gsm7
from simulators.smsc import alphabet
from smpp import coding, segments
from smpp.coding import Coding
from smpp.pdu import Address, PduError, Tag
from tests.unit.smpp.pdus import message

GSM = [chr(code) for code in range(0x2100) if gsm7.septets(chr(code))]
gsm_texts = st.text(st.sampled_from(GSM), max_size=700)
# Whoever reads a sign that does not exist reads `?`, so the sign that stands for one is not sent.
signs = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd")
texts = st.text(signs, max_size=400)
SOURCE = Address("SARALI", 5)


def test_the_alphabet_is_that_of_the_catalogues_and_of_the_centre() -> None:
    for character in GSM:
        octets = coding.encode(character, Coding.GSM)
        assert len(octets) == gsm7.septets(character)
        assert alphabet.write(character) == (0, octets)
        assert coding.decode(octets, Coding.GSM) == character


@pytest.mark.parametrize(
    ("text", "data_coding", "octets"),
    [
        ("@£é[€", 0, b"\x00\x01\x05\x1b\x3c\x1b\x65"),
        ("é", 3, b"\xe9"),
        ("ɲ", 8, b"\x02\x72"),
        ("😀", 8, b"\xd8\x3d\xde\x00"),
        ("A", 1, b"A"),
        ("é", 15, b"\x05"),
        ("é", 72, b"\x00\xe9"),
    ],
)
def test_each_coding_is_that_of_the_specification(
    text: str, data_coding: int, octets: bytes
) -> None:
    assert coding.encode(text, data_coding) == octets
    assert coding.decode(octets, data_coding) == text


@given(st.binary(max_size=300), st.integers(0, 255))
def test_whatever_was_sent_is_read_or_is_no_text(octets: bytes, data_coding: int) -> None:
    try:
        text = coding.decode(octets, data_coding)
    except PduError:
        return
    assert len(text) <= len(octets)
    assert "\ufffd" not in text


@pytest.mark.parametrize(("text", "data_coding"), [("ɲ", 0), ("é", 1), ("ɲ", 3), ("a", 4)])
def test_a_sign_that_a_coding_does_not_have_is_not_written(text: str, data_coding: int) -> None:
    with pytest.raises(PduError):
        coding.encode(text, data_coding)


@given(st.one_of(gsm_texts, texts), st.integers(0, 10_000))
def test_the_parts_of_a_text_fit_and_make_it_again(text: str, number: int) -> None:
    messages = segments.write(SOURCE, "+22376000001", text, number)
    parts = [segments.part_of(one) for one in messages]
    assert [part.position for part in parts] == list(range(1, len(parts) + 1))
    assert {part.total for part in parts} == {len(parts)}
    assert {part.number for part in parts} == {number % 256 if len(parts) > 1 else 0}
    assert max(len(one.octets) for one in messages) <= (
        160 if messages[0].data_coding == Coding.GSM else 140
    )
    pieces = [coding.decode(part.octets, messages[0].data_coding) for part in parts]
    assert "".join(pieces) == text


@given(gsm_texts)
def test_a_text_costs_what_we_count(text: str) -> None:
    counted = gsm7.segments(text)
    assert counted <= len(segments.split(text, 1)) <= counted + 1


def test_a_receipt_is_asked_for_with_the_last_part_alone() -> None:
    messages = segments.write(SOURCE, "+22376000001", "a" * 400, 1)
    assert [one.registered_delivery for one in messages] == [0, 0, 1]
    assert {one.destination.text for one in messages} == {"22376000001"}


def test_no_text_has_more_parts_than_can_be_numbered() -> None:
    with pytest.raises(PduError):
        segments.split("a" * 153 * 256, 1)


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"\x05\x00\x03\x07\x02\x01ab", (b"ab", 7, 2, 1)),
        (b"\x06\x08\x04\x01\x07\x02\x02ab", (b"ab", 263, 2, 2)),
        (b"\x0a\x24\x01\x01\x00\x03\x07\x03\x03\x25\x00ab", (b"ab", 7, 3, 3)),
        (b"\x08\x24\x01\x01\x00\x03\x07\x03\x03ab", (b"ab", 7, 3, 3)),
        (b"\x00ab", (b"ab", 0, 1, 1)),
    ],
)
def test_parts_are_known_by_their_headers(
    octets: bytes, expected: tuple[bytes, int, int, int]
) -> None:
    part = segments.part_of(message(octets, esm_class=0x40))
    assert (part.octets, part.number, part.total, part.position) == expected


def test_parts_are_known_by_their_parameters() -> None:
    told = message(
        tlvs=(
            (Tag.SAR_MSG_REF_NUM, b"\x01\x07"),
            (Tag.SAR_TOTAL_SEGMENTS, b"\x03"),
            (Tag.SAR_SEGMENT_SEQNUM, b"\x02"),
            (Tag.MESSAGE_PAYLOAD, b"words"),
        )
    )
    assert segments.part_of(told) == segments.Part(b"words", 263, 3, 2)


@pytest.mark.parametrize(
    "octets",
    [b"", b"\x05", b"\x05\x00\x03\x07\x02", b"\x05\x00\x03\x07\x02\x03", b"\x02\x00\x09",
     b"\x05\x00\x03\x07\x00\x00"],
)  # fmt: skip
def test_a_broken_header_is_refused(octets: bytes) -> None:
    with pytest.raises(PduError):
        segments.part_of(message(octets, esm_class=0x40))


@given(st.binary(max_size=60), st.integers(0, 255))
def test_any_header_is_read_or_refused(octets: bytes, esm_class: int) -> None:
    try:
        part = segments.part_of(message(octets, esm_class=esm_class))
    except PduError:
        return
    assert 1 <= part.position <= part.total
