"""XML as gateways write and read it."""

from http import HTTPStatus
from xml.etree import ElementTree as ET

from homologation.gateways.base import Call, Reply, UnreadableError

_XML = {"content-type": "text/xml; charset=utf-8"}


def call(root: ET.Element) -> Call:
    """Return the request that brings a document."""
    return Call(headers=_XML, body=ET.tostring(root, "utf-8", xml_declaration=True))


def read(reply: Reply, tag: str) -> ET.Element:
    """Return the document of an answer.

    Raises:
        UnreadableError: it is none, or its root is not `tag`.
    """
    try:
        root = ET.fromstring(reply.body)  # noqa: S314  # of the application that is tried
    except ET.ParseError:
        raise UnreadableError("no XML") from None
    if reply.status != HTTPStatus.OK or root.tag != tag:
        raise UnreadableError(f"no {tag}")
    return root


def one(parent: ET.Element, path: str) -> ET.Element:
    """Return the only element at `path`.

    Raises:
        UnreadableError: there is none, or more than one.
    """
    found = parent.findall(path)
    if len(found) != 1:
        raise UnreadableError(f"not one {path}")
    return found[0]
