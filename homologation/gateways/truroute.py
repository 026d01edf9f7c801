"""TruRoute, from the gateway's side (ussd_app/aggregators/truroute.py)."""

from xml.etree import ElementTree as ET

from homologation.gateways import markup
from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_NEW, _GO_ON, _CLOSE = "1", "2", "3"
_ENDS = {How.CUT: ("3", ""), How.FAILED: ("10", "Insufficient funds")}


class TruRoute:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _ussd(session, _NEW, session.dialled)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _ussd(session, _GO_ON, session.typed[-1])

    def hang_up(self, session: Session, how: How) -> Call | None:
        """See `Gateway.hang_up`."""
        return _ussd(session, *_ENDS[how]) if how in _ENDS else None

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        del session
        ussd = markup.read(reply, "ussd")
        kind, text = (markup.one(ussd, name).text or "" for name in ("type", "msg"))
        if kind not in {_GO_ON, _CLOSE} or not text:
            raise UnreadableError("nothing to show")
        if markup.one(ussd, "premium/cost").text != "0":
            raise UnreadableError("it would be charged for")
        return Screen(text, ends=kind == _CLOSE)


def _ussd(session: Session, kind: str, text: str) -> Call:
    ussd = ET.Element("ussd")
    ET.SubElement(ussd, "msisdn").text = session.number.removeprefix("+")
    ET.SubElement(ussd, "sessionid").text = session.session_id
    ET.SubElement(ussd, "type").text = kind
    ET.SubElement(ussd, "msg").text = text
    return markup.call(ussd)
