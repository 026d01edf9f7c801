"""What dialects read their requests with: nothing that a gateway sends is believed to be sound.

XML is written here too: what it cannot carry never goes out.
"""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from domain.msisdn import Msisdn
from ussd_app.aggregators.base import INPUTS_MAX, SESSION_ID_MAX, TEXT_MAX, BadTurnError, Request

FORM = "application/x-www-form-urlencoded"
_FIELDS_MAX = 20
_DEPTH_MAX = 12
_ENCODING = re.compile(
    r"""\ufeff?<\?xml\s[^>]*encoding\s*=\s*["'](?!(utf-8|us-ascii)["'])""", re.IGNORECASE
)
_UNCARRIED = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def no_path(request: Request) -> None:
    """Refuse what was sent behind the channel's door.

    Raises:
        BadTurnError: something was.
    """
    if request.path:
        raise BadTurnError("no such door", HTTPStatus.NOT_FOUND)


def content_type(request: Request) -> str:
    """Return the media type of a body, in small letters, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def form(request: Request) -> dict[str, str]:
    """Read a form.

    Raises:
        BadTurnError: it is none, or has a field twice.
    """
    if content_type(request) != FORM:
        raise BadTurnError(f"the body is not {FORM}", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        pairs = parse_qsl(
            request.body.decode("ascii"), keep_blank_values=True, errors="strict",
            max_num_fields=_FIELDS_MAX,
        )  # fmt: skip
    except ValueError:
        raise BadTurnError("the form cannot be read") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadTurnError("a field is there twice")
    if any("\x00" in value for value in fields.values()):
        raise BadTurnError("the form cannot be read")
    return fields


def document(request: Request) -> Mapping[str, object]:
    """Read a JSON object, whatever its content type says: few gateways say it right.

    Raises:
        BadTurnError: it is none, or has a name twice.
    """
    try:
        told = json.loads(request.body.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadTurnError("the body is no JSON") from None
    if not isinstance(told, dict):
        raise BadTurnError("the body is no JSON object")
    return cast("Mapping[str, object]", told)


def tree(request: Request) -> ET.Element:
    """Read an XML document in UTF-8 that declares nothing: no entities, no spaces of names.

    Raises:
        BadTurnError: it is none, declares something, or is too deep.
    """
    try:
        written = request.body.decode()
    except UnicodeDecodeError:
        raise BadTurnError("the XML is not in UTF-8") from None
    # Where declarations may not be, there is nothing that grows, and nothing that is fetched.
    # A parser takes NUL between the letters for UTF-16, in which the signs look otherwise.
    if "<!" in written or "\x00" in written:
        raise BadTurnError("the XML declares something")
    if _ENCODING.match(written):
        raise BadTurnError("the XML is not in UTF-8")
    try:
        root = ET.fromstring(written)  # noqa: S314  # see above
    except ET.ParseError:
        raise BadTurnError("the body is no XML") from None
    if _too_deep(root):
        raise BadTurnError("the XML is too deep")
    if any("{" in name for node in root.iter() for name in (node.tag, *node.attrib)):
        raise BadTurnError("the XML has names of elsewhere")
    return root


def leaves(parent: ET.Element) -> dict[str, object]:
    """Return the texts of an element's children by their names; what holds more is no text.

    Raises:
        BadTurnError: one of them is there twice.
    """
    fields: dict[str, object] = {
        child.tag: child if len(child) else (child.text or "").strip() for child in parent
    }
    if len(fields) != len(parent):
        raise BadTurnError("an element is there twice")
    return fields


def markup(root: ET.Element) -> bytes:
    """Write an XML document."""
    written = carried(ET.tostring(root, "unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>{written}'.encode()


def carried(value: str) -> str:
    """Return a text for XML: a character that it cannot carry becomes a space."""
    return _UNCARRIED.sub(" ", value)


def text(fields: Mapping[str, object], name: str, *, default: str | None = None) -> str:
    """Return a field that is a text of reasonable length; a number is taken as it is written.

    Raises:
        BadTurnError: it is missing and there is no `default`, or is none.
    """
    value = fields.get(name)
    if value is None and default is not None:
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadTurnError(f"missing: {name}" if value is None else f"{name} is no text")
    if len(value) > TEXT_MAX:
        raise BadTurnError(f"{name} is too long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadTurnError(f"{name} cannot be read") from None
    if "\x00" in value:
        raise BadTurnError(f"{name} cannot be read")
    return value


def flag(fields: Mapping[str, object], name: str) -> bool:
    """Return a field that is true or false.

    Raises:
        BadTurnError: it is missing, or is neither.
    """
    value = fields.get(name)
    if isinstance(value, bool):
        return value
    raise BadTurnError(f"missing: {name}" if value is None else f"{name} is neither true nor false")


def session_id(fields: Mapping[str, object], name: str) -> str:
    """Return the gateway's id of a session.

    Raises:
        BadTurnError: it is missing, empty or too long.
    """
    value = text(fields, name)
    if not 0 < len(value) <= SESSION_ID_MAX:
        raise BadTurnError(f"{name} is empty or too long")
    return value


def caller(fields: Mapping[str, object], name: str) -> Msisdn:
    """Return the number of a subscriber, with its country's code, with or without a `+`.

    Raises:
        BadTurnError: it is missing, or is no number.
    """
    bare = text(fields, name).strip()  # a `+` sent unescaped arrives as a space
    try:
        return Msisdn.parse(bare if bare.startswith("+") else f"+{bare}")
    except ValueError:
        raise BadTurnError(f"{name} is not a telephone number") from None


def count(fields: Mapping[str, object], name: str, most: int = 10_000) -> int:
    """Return a whole number from 0 on.

    Raises:
        BadTurnError: it is missing, is none, or is too large.
    """
    value = text(fields, name)
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(most))):
        raise BadTurnError(f"{name} is not a number")
    number = int(value)
    if number > most:
        raise BadTurnError(f"{name} is too large")
    return number


def typed(value: str) -> tuple[str, ...]:
    """Split what stands after the short code, or was typed since, at its `*`.

    Raises:
        BadTurnError: it is too long.
    """
    inputs = tuple(value.split("*")) if value else ()
    if len(value) > TEXT_MAX or len(inputs) > INPUTS_MAX:
        raise BadTurnError("text is too long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return inputs


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError
    return fields


def _too_deep(root: ET.Element) -> bool:
    level = [root]
    for _ in range(_DEPTH_MAX):
        level = [child for node in level for child in node]
        if not level:
            return False
    return True
