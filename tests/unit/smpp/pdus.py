"""PDUs of every kind, for properties."""

from hypothesis import strategies as st

from smpp.pdu import Accepted, Address, Bind, Command, Pdu, ShortMessage, Status


def strings(size: int) -> st.SearchStrategy[str]:
    """What a field of so many octets holds, its NUL apart."""
    return st.text(st.characters(min_codepoint=1, max_codepoint=126), max_size=size - 1)


octet = st.integers(0, 255)
addresses = st.builds(Address, strings(21), octet, octet)
tlvs = st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=60)), max_size=4).map(tuple)
messages = st.builds(
    ShortMessage,
    source=addresses,
    destination=addresses,
    octets=st.binary(max_size=254),
    service_type=strings(6),
    esm_class=octet,
    protocol_id=octet,
    priority=octet,
    scheduled=strings(17),
    validity=strings(17),
    registered_delivery=octet,
    replaces=octet,
    data_coding=octet,
    canned=octet,
    tlvs=tlvs,
)
binds = st.builds(Bind, strings(16), strings(9), strings(13), octet, octet, strings(41))
_BODIES = {
    Command.SUBMIT_SM: messages,
    Command.DELIVER_SM: messages,
    Command.BIND_TRANSCEIVER: binds,
    Command.SUBMIT_SM_RESP: st.builds(Accepted, strings(65), tlvs),
    Command.DELIVER_SM_RESP: st.builds(Accepted, strings(65), tlvs),
    Command.BIND_TRANSCEIVER_RESP: st.builds(Accepted, strings(16), tlvs),
}
statuses = st.sampled_from([Status.OK, Status.THROTTLED, 0x45, 0xFFFFFFFF])
sequences = st.integers(0, 0xFFFFFFFF)
pdus = st.one_of(
    *(
        st.builds(Pdu, st.just(command), sequences, _BODIES.get(command, st.none()), statuses)
        for command in Command
    )
)


def message(octets: bytes = b"", **fields: object) -> ShortMessage:
    """A deliver_sm's body from a telephone of ours."""
    fields.setdefault("source", Address("22376000001", 1, 1))
    fields.setdefault("destination", Address("789", 0, 1))
    return ShortMessage(octets=octets, **fields)  # type: ignore[arg-type]  # a test names them
