"""TruRoute USSD, XML over HTTP (aggregators.md 2.5; SMS.COM.NA API specification, parts 4 and 5).

In: POST `<ussd><msisdn/><sessionid/><type/><msg/></ussd>`. Type 1 is a new session, its `msg` what
was dialled; 2 an answer. Out: `<ussd><type/><msg/><premium><cost/><ref/></premium></ussd>`, type 2
to go on and 3 to close; nothing is ever charged.
Hop identity: none. An id of a session is new for every session.
Abnormal ends: type 3, the subscriber has cancelled; 4, did not answer in time; 10, a charge failed,
which we never ask for.
Uncertain: how types 3, 4 and 10 are to be answered, here by an empty type 3; the deadline, of which
nothing is said, taken from 2.1; that a `premium` of 0 without a `ref` charges nothing (simulators
send it so).
"""

from xml.etree import ElementTree as ET

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
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
_NEW, _GO_ON, _CLOSE = "1", "2", "3"
_ENDS = {"3": How.CUT, "4": How.CUT, "10": How.FAILED}


class TruRoute(Dialect):
    """See the module."""

    identity = Identity.NONE
    methods = frozenset({"POST"})
    deadline = 10.0

    def decode(self, request: Request) -> Turn | Hangup:
        """See `Dialect.decode`."""
        reading.no_path(request)
        root = reading.tree(request)
        if root.tag != "ussd":
            raise BadTurnError("the XML is no ussd")
        fields = reading.leaves(root)
        session_id = reading.session_id(fields, "sessionid")
        caller = reading.caller(fields, "msisdn")
        kind = reading.text(fields, "type")
        if kind in _ENDS:
            return Hangup(session_id, caller, _ENDS[kind])
        if kind == _NEW:
            return Turn(session_id, caller, reading.text(fields, "msg"), inputs=(), opens=True)
        if kind == _GO_ON:
            typed = reading.text(fields, "msg", default="")
            return Turn(session_id, caller, dialled="", inputs=(typed,))
        raise BadTurnError("type is not known")

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        del turn
        return _answer(_CLOSE if shown.ends else _GO_ON, shown.text)

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """See `Dialect.acknowledge`."""
        del heard
        return _answer(_CLOSE, "")


def _answer(kind: str, text: str) -> Answer:
    ussd = ET.Element("ussd")
    ET.SubElement(ussd, "type").text = kind
    ET.SubElement(ussd, "msg").text = text
    premium = ET.SubElement(ussd, "premium")
    ET.SubElement(premium, "cost").text = "0"
    ET.SubElement(premium, "ref")
    return Answer(reading.markup(ussd), _XML)
