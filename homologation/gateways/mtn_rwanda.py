"""MTN Rwanda, from the gateway's side (ussd_app/aggregators/mtn_rwanda.py)."""

from xml.etree import ElementTree as ET

from homologation.gateways import markup
from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_TIME = "2026-11-22T12:00:00.000000"
_GO_ON, _CLOSE = "request", "end"
_MEMBER = "params/param/value/struct/member"


class MtnRwanda:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        _, deep = _split(session)
        return _call(session, f"{deep}#" if deep else "", first=True)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _call(session, session.typed[-1], first=False)

    def hang_up(self, session: Session, how: How) -> None:
        """See `Gateway.hang_up`."""
        del session, how

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        response = markup.read(reply, "methodResponse")
        said = {
            markup.one(member, "name").text: markup.one(member, "value/*").text or ""
            for member in response.findall(_MEMBER)
        }
        if any(said.get(name) != value for name, value in _known(session).items()):
            raise UnreadableError("a fault, or of another session")
        if said.get("action") not in {_GO_ON, _CLOSE} or not said.get("USSDResponseString"):
            raise UnreadableError("nothing to show")
        return Screen(said["USSDResponseString"], ends=said["action"] == _CLOSE)


def _split(session: Session) -> tuple[str, str]:
    """Return the service code that was dialled, and what was dialled behind it."""
    code, dialled = session.code.strip("*#"), session.dialled.strip("*#")
    if f"{dialled}*".startswith(f"{code}*"):
        return code, dialled[len(code) + 1 :]
    return dialled, ""


def _known(session: Session) -> dict[str, str]:
    """Return what is answered as it came."""
    return {
        "TransactionId": session.session_id,
        "USSDServiceCode": _split(session)[0],
        "MSISDN": session.number.removeprefix("+"),
        "USSDEncoding": "GSM0338",
        "TransactionTime": _TIME,
    }


def _call(session: Session, typed: str, *, first: bool) -> Call:
    told = {"USSDRequestString": typed, "response": "false" if first else "true"}
    call = ET.Element("methodCall")
    ET.SubElement(call, "methodName").text = "handleUSSD"
    param = ET.SubElement(ET.SubElement(call, "params"), "param")
    struct = ET.SubElement(ET.SubElement(param, "value"), "struct")
    for name, text in (_known(session) | told).items():
        member = ET.SubElement(struct, "member")
        ET.SubElement(member, "name").text = name
        ET.SubElement(ET.SubElement(member, "value"), "string").text = text
    return markup.call(call)
