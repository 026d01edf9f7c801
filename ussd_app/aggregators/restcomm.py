"""RestComm (Mobicents) USSD gateway, HTTP with a MAP dialog in XML (aggregators.md 2.7).

In: POST `<dialog localId="..." userObject="...">` with `processUnstructuredSSRequest_Request` for
what was dialled, then with `unstructuredSSRequest_Response` for each answer; `string` is the text
in either coding, 15 or 72. The number is in `<msisdn>`, else in `<originationReference>`, and only
the first request is sure to bring it. Out: `unstructuredSSRequest_Request` to go on; to close,
`processUnstructuredSSRequest_Response` with the `invokeId` of the opening and
`prearrangedEnd="false"`. `dataCodingScheme` is 15 for GSM-7 (182 characters), 72 for UCS-2 (80).
Hop identity: a number of ours. The gateway gives `userObject` back with each request: the number of
the hop, the `invokeId` of the opening and the `msisdn`, if the caller was told so. No cookie is
needed.
Abnormal ends: a dialog without a message, its attributes saying why: the subscriber or the network
left (`mapUserAbortChoice`, `mapAbortProviderReason`), nobody answered (`dialogTimedOut`,
`invokeTimedOut`, which holds a number), the network refused (`mapRefuseReason`, or something in
`errComponents` or `rejectComponents`, which are there and empty on other dialogs). When we are too
slow (25 s), or answer other than with 200, the subscriber is told by the gateway, which closes, and
we are not. `type` is for information only.
An end without `userObject` or an originating number is nobody's, and is only acknowledged.
Uncertain: how an end is to be answered, the gateway's code ignoring it; here as it is documented
for a dialog that is over. A number that is not international is refused.
"""

import re
from xml.etree import ElementTree as ET

from domain.gsm7 import septets
from domain.msisdn import Msisdn
from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    HOP_MAX,
    Answer,
    BadTurnError,
    Dialect,
    Hangup,
    How,
    Identity,
    Inquiry,
    Request,
    Shown,
    Turn,
)

_XML = "text/xml; charset=utf-8"
_GSM7, _UCS2 = "15", "72"
_OURS = re.compile(r"([0-9]{1,5}) (-?[0-9]{1,3})(?: (\+[0-9]{6,15}))?")
_INVOKE_ID = re.compile(r"-?[0-9]{1,3}")
_LEFT = ("mapUserAbortChoice", "mapAbortProviderReason", "dialogTimedOut", "invokeTimedOut")
_REFUSED, _ERRORS = "mapRefuseReason", ("errComponents", "rejectComponents")
_OPENING = "processUnstructuredSSRequest_Request"
_ANSWER = "unstructuredSSRequest_Response"


class RestComm(Dialect):
    """See the module."""

    identity = Identity.COUNT
    methods = frozenset({"POST"})
    deadline = 25.0

    def decode(self, request: Request) -> Turn | Hangup | Inquiry:
        """See `Dialect.decode`."""
        reading.no_path(request)
        dialog = reading.tree(request)
        if dialog.tag != "dialog":
            raise BadTurnError("the XML is no dialog")
        inside = {child.tag: child for child in dialog}
        if len(inside) != len(dialog):
            raise BadTurnError("an element is there twice")
        how = _end(dialog, inside)
        if how is not None:
            return _ended(dialog, how)
        if _OPENING in inside:
            return _opened(dialog, inside[_OPENING])
        if _ANSWER in inside:
            return _answered(dialog, inside[_ANSWER])
        raise BadTurnError("the dialog brings no message")

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        invoke_id, msisdn = turn.echo.get("invokeId", "0"), turn.echo.get("msisdn", "")
        coding = _UCS2 if septets(shown.text) is None else _GSM7
        message = {"dataCodingScheme": coding, "string": shown.text}
        dialog = ET.Element("dialog", mapMessagesSize="1")
        if shown.ends:
            dialog.set("prearrangedEnd", "false")
            message = {"invokeId": invoke_id, **message}
            ET.SubElement(dialog, "processUnstructuredSSRequest_Response", message)
        else:
            dialog.set("userObject", f"{shown.step} {invoke_id} {msisdn}".rstrip())
            ET.SubElement(dialog, "unstructuredSSRequest_Request", message)
        return Answer(reading.markup(dialog), _XML)

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """See `Dialect.acknowledge`."""
        del heard
        over = ET.Element("dialog", mapMessagesSize="0", prearrangedEnd="false")
        return Answer(reading.markup(over), _XML)


def _end(dialog: ET.Element, inside: dict[str, ET.Element]) -> How | None:
    """Say how the dialog ended, if it did."""
    if any(dialog.get(reason, "false") != "false" for reason in _LEFT):
        return How.CUT
    if _REFUSED in dialog.attrib or any(len(inside.get(name, ())) for name in _ERRORS):
        return How.FAILED
    return None


def _ended(dialog: ET.Element, how: How) -> Hangup | Inquiry:
    session_id = reading.session_id(dialog.attrib, "localId")
    msisdn = _given(dialog)[-1] if "userObject" in dialog.attrib else ""
    if not msisdn and dialog.find("originationReference") is None:
        return Inquiry(session_id)
    return Hangup(session_id, _caller(dialog, msisdn), how)


def _opened(dialog: ET.Element, message: ET.Element) -> Turn:
    told = message.find("msisdn")
    caller = _caller(dialog) if told is None else reading.caller(told.attrib, "number")
    invoke_id = reading.text(message.attrib, "invokeId")
    if not _INVOKE_ID.fullmatch(invoke_id):
        raise BadTurnError("invokeId is not a number")
    return Turn(
        reading.session_id(dialog.attrib, "localId"),
        caller,
        reading.text(message.attrib, "string"),
        inputs=(),
        opens=True,
        hop="0",
        echo={"invokeId": invoke_id, "msisdn": "" if told is None else caller.e164},
    )


def _answered(dialog: ET.Element, message: ET.Element) -> Turn:
    hop, invoke_id, msisdn = _given(dialog)
    return Turn(
        reading.session_id(dialog.attrib, "localId"),
        _caller(dialog, msisdn),
        dialled="",
        inputs=(reading.text(message.attrib, "string", default=""),),
        hop=str(reading.count({"userObject": hop}, "userObject", HOP_MAX)),
        echo={"invokeId": invoke_id, "msisdn": msisdn},
    )


def _given(dialog: ET.Element) -> tuple[str, str, str]:
    """Read what we had asked to be given back: hop, `invokeId`, and `msisdn` or nothing."""
    given = _OURS.fullmatch(reading.text(dialog.attrib, "userObject"))
    if given is None:
        raise BadTurnError("userObject is not what was given")
    return given[1], given[2], given[3] or ""


def _caller(dialog: ET.Element, msisdn: str = "") -> Msisdn:
    """Read the caller: the `msisdn` once told, else who the dialog comes from."""
    origin = dialog.find("originationReference")
    told = {} if origin is None else origin.attrib
    return reading.caller({"number": msisdn} if msisdn else told, "number")
