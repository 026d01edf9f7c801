"""SOAP 1.1 as this operator speaks it: one operation in, one set of fields or one fault out."""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

NAMESPACE: Final = "http://api.merchant.tlc.com/"
_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_BODY_MAX: Final = 65_536  # bytes


class SoapError(Exception):
    """What the operator answers with HTTP 500 to what it cannot even read."""


def read(body: bytes) -> tuple[str, dict[str, str]]:
    """Return the operation of a request and its fields, those inside `request` among them.

    Raises:
        SoapError: it is no envelope with one operation of ours, or a field stands twice.
    """
    operations = _parsed(body).findall(f"{{{_ENVELOPE}}}Body/*")
    if len(operations) != 1 or not operations[0].tag.startswith(f"{{{NAMESPACE}}}"):
        raise SoapError("Message part was not recognized")
    fields: dict[str, str] = {}
    for element in operations[0].iter():
        if element is operations[0] or len(element):
            continue
        if element.tag in fields:
            raise SoapError(f"Unexpected element {element.tag}")
        fields[element.tag] = element.text or ""
    return operations[0].tag.rpartition("}")[2], fields


def answer(operation: str, wrapper: str, fields: Mapping[str, str]) -> str:
    """Return the answer to `operation`, its fields inside `wrapper`."""
    cells = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
    response = f"{operation}Response"
    return _envelope(
        f'<ns2:{response} xmlns:ns2="{NAMESPACE}"><{wrapper}>{cells}</{wrapper}></ns2:{response}>'
    )


def fault(text: str) -> str:
    """Return a fault of the server that says `text`."""
    return _envelope(
        f"<soap:Fault><faultcode>soap:Server</faultcode><faultstring>{escape(text)}</faultstring>"
        f'<detail><ns1:Exception xmlns:ns1="{NAMESPACE}"/></detail></soap:Fault>'
    )


def _envelope(inside: str) -> str:
    start = f'<soap:Envelope xmlns:soap="{_ENVELOPE}"><soap:Body>'
    return f"{start}{inside}</soap:Body></soap:Envelope>"


def _parsed(body: bytes) -> ET.Element:
    if len(body) > _BODY_MAX or b"<!" in body:
        raise SoapError("Error reading XMLStreamReader")
    try:
        envelope = ET.fromstring(body)  # noqa: S314  # without `<!`, no DTD
    except (ET.ParseError, ValueError, LookupError) as error:
        raise SoapError("Error reading XMLStreamReader") from error
    if envelope.tag != f"{{{_ENVELOPE}}}Envelope":
        raise SoapError("Error reading XMLStreamReader")
    return envelope
