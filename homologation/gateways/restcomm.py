"""RestComm, from the gateway's side (ussd_app/aggregators/restcomm.py).

The caller is told in `originationReference` alone, which each dialog has.
"""

from xml.etree import ElementTree as ET

from homologation.gateways import markup
from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_INVOKE_ID = "1"
_GSM7, _UCS2 = "15", "72"
_MOST = {_GSM7: 182, _UCS2: 80}  # characters


class RestComm:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        said = {"invokeId": _INVOKE_ID, "dataCodingScheme": _GSM7, "string": session.dialled}
        dialog = _dialog(session, "Begin")
        ET.SubElement(dialog, "processUnstructuredSSRequest_Request", said)
        return markup.call(dialog)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        said = {"invokeId": "1", "dataCodingScheme": _GSM7, "string": session.typed[-1]}
        dialog = _dialog(session, "Continue")
        ET.SubElement(dialog, "unstructuredSSRequest_Response", said)
        return markup.call(dialog)

    def hang_up(self, session: Session, how: How) -> Call | None:
        """See `Gateway.hang_up`: an application that said the last word is told nothing."""
        if how is How.CLEAN:
            return None
        dialog = _dialog(session, "Abort")
        dialog.set("mapMessagesSize", "0")
        errors = ET.SubElement(dialog, "errComponents")
        if how is How.CUT:
            dialog.set("mapUserAbortChoice", "isUserSpecificReason")
        else:
            ET.SubElement(errors, "invokeId", value="1")
            ET.SubElement(errors, "errorComponent", errorCode="72")
        return markup.call(dialog)

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        dialog = markup.read(reply, "dialog")
        ends = dialog.get("prearrangedEnd") is not None
        if dialog.get("mapMessagesSize") != "1" or len(dialog) != 1:
            raise UnreadableError("not one message")
        if ends:
            message = markup.one(dialog, "processUnstructuredSSRequest_Response")
            if (dialog.get("prearrangedEnd"), message.get("invokeId")) != ("false", _INVOKE_ID):
                raise UnreadableError("it would close without the message")
        else:
            message = markup.one(dialog, "unstructuredSSRequest_Request")
            session.token = dialog.get("userObject", "")
        text = message.get("string", "")
        if not 0 < len(text) <= _MOST.get(message.get("dataCodingScheme", ""), 0):
            raise UnreadableError("too long, or in no coding")
        return Screen(text, ends)


def _dialog(session: Session, kind: str) -> ET.Element:
    dialog = ET.Element("dialog", type=kind, appCntx="networkUnstructuredSsContext_version2")
    dialog.set("networkId", "0")
    dialog.set("localId", session.session_id)
    dialog.set("remoteId", "13")
    dialog.set("mapMessagesSize", "1")
    dialog.set("returnMessageOnError", "false")
    if session.token:
        dialog.set("userObject", session.token)
    origin = {"number": session.number.removeprefix("+"), "nai": "international_number"}
    ET.SubElement(dialog, "originationReference", origin, npi="ISDN")
    return dialog
