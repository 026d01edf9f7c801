"""XML as it comes from a gateway: read if it is plain, refused if it could do harm."""

from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import BadTurnError, Request

PLAIN = '<ussd a="1"><type>2</type><msg> Moussa &amp; fils &#233;</msg></ussd>'
ENTITY = '<!DOCTYPE ussd [<!ENTITY a "boum">]><ussd>&a;</ussd>'
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DECLARED = "<?xml version='1.0' encoding='{}'?>"
DEEPEST = 12  # levels below the first


def read(body: str | bytes) -> ET.Element:
    return reading.tree(Request("POST", body=body if isinstance(body, bytes) else body.encode()))


def nested(levels: int) -> str:
    return "<a>" * levels + "</a>" * levels


@pytest.mark.parametrize(
    "before", ["", "\ufeff", DECLARED.format("UTF-8"), '<?xml version="1.0"?>\n']
)
def test_a_plain_document_is_read(before: str) -> None:
    ussd = read(f"{before}{PLAIN}\n")
    assert (ussd.tag, ussd.attrib) == ("ussd", {"a": "1"})
    assert reading.leaves(ussd) == {"type": "2", "msg": "Moussa & fils é"}


@pytest.mark.parametrize(
    "body",
    [
        ENTITY,
        f'<!DOCTYPE a [<!ENTITY a0 "x">{BOMB}]><a>&a9;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>',
        '<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>',
        "<a><![CDATA[<b/>]]></a>",
        "<a><!-- rien --></a>",
    ],
)
def test_what_declares_something_is_refused(body: str) -> None:
    with pytest.raises(BadTurnError, match="declares"):
        read(body)


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp037"]
)
@pytest.mark.parametrize("body", [PLAIN, ENTITY, DECLARED.format("utf-16") + ENTITY])
def test_what_is_written_otherwise_than_in_utf8_is_refused(body: str, encoding: str) -> None:
    with pytest.raises(BadTurnError):
        read(body.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-16", "ISO-8859-1", "utf-7", "cp037", "utf-8x", ""])
def test_what_says_to_be_in_another_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(BadTurnError, match="UTF-8"):
        read(DECLARED.format(encoding) + PLAIN)


def test_octets_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(BadTurnError, match="UTF-8"):
        read(b"<a>\xe9</a>")


@pytest.mark.parametrize(
    "body",
    [
        '<ussd xmlns="urn:a"/>',
        '<x:ussd xmlns:x="urn:a"/>',
        '<ussd xmlns:x="urn:a" x:type="1"/>',
        "<ussd><x:type/></ussd>",
    ],
)
def test_names_of_elsewhere_are_refused(body: str) -> None:
    with pytest.raises(BadTurnError):
        read(body)


def test_a_document_is_as_deep_as_dialects_are() -> None:
    assert read(nested(DEEPEST)).tag == "a"
    for levels in (DEEPEST + 1, 1_000, 100_000):
        with pytest.raises(BadTurnError, match="deep"):
            read(nested(levels))


@pytest.mark.parametrize("body", ["<a>&#0;</a>", "<a>&#1;</a>", "<a>\x01</a>", "<a>&#xFFFE;</a>"])
def test_signs_that_xml_does_not_have_are_refused(body: str) -> None:
    with pytest.raises(BadTurnError):
        read(body)


@pytest.mark.parametrize(
    "body", ["", "<", "<a>", "<a></b>", "<a/><a/>", '<a b="1" b="2"/>', "{}", "<a>&inconnu;</a>"]
)
def test_what_is_no_document_is_refused(body: str) -> None:
    with pytest.raises(BadTurnError, match="no XML"):
        read(body)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_octets_are_a_document_or_refused(body: bytes) -> None:
    with suppress(BadTurnError):
        assert read(body).tag


def test_an_element_twice_is_refused() -> None:
    with pytest.raises(BadTurnError):
        reading.leaves(read("<ussd><msg>1</msg><msg>2</msg></ussd>"))


def test_what_holds_elements_is_no_text() -> None:
    fields = reading.leaves(read("<ussd><msg>1<b/></msg></ussd>"))
    with pytest.raises(BadTurnError):
        reading.text(fields, "msg")


@given(st.text(st.characters(exclude_categories=[]), max_size=50))
def test_what_is_written_is_always_xml(value: str) -> None:
    """Whatever it holds, and nothing of it is markup."""
    root = ET.Element("a", b=value)
    root.text = value
    written = ET.fromstring(reading.markup(root))  # noqa: S314  # our own
    assert (len(written), list(written.attrib)) == (0, ["b"])
    carried = reading.carried(value)
    assert len(carried) == len(value)
    assert written.get("b") == carried
    assert (written.text or "") == carried.replace("\r\n", "\n").replace("\r", "\n")


def test_a_form_feed_becomes_a_space_and_the_rest_stays() -> None:
    assert reading.carried("1\x0c2\x00\n3 é ɛ 😀") == "1 2 \n3 é ɛ 😀"
