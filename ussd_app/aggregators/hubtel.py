"""Hubtel Programmable Services, USSD (aggregators.md 2.4).

In: POST JSON `Type Message ServiceCode Operator ClientState Mobile SessionId Sequence`. `Type` is
`initiation`, `response`, `release` or `timeout`, in any case; `Message` is what was dialled, then
what was typed. Out: JSON `SessionId Type Message Label DataType FieldType`, `Type` being `Response`
to go on or `Release` to close; the last three are for the vendor's own app, but it drops a session
whose screen is without them.
Hop identity: `Sequence`, 1 at the initiation and 2 at the first answer (in the vendor's samples).
Abnormal ends: `release`, the citizen left; `timeout`, we have answered too late. Either is answered
with a `Release`, which nobody sees.
Uncertain: the deadline, taken from 2.1; whether `Sequence` ever begins at 0 (an initiation is
number 0 here, whatever it says). The types of the vendor's app and of its checkout are refused.
"""

import json

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

_ENDS = {"release": How.CUT, "timeout": How.FAILED}
_FIRST_ANSWER = 2


class Hubtel(Dialect):
    """See the module."""

    identity = Identity.COUNT
    methods = frozenset({"POST"})
    deadline = 10.0

    def decode(self, request: Request) -> Turn | Hangup:
        """See `Dialect.decode`."""
        reading.no_path(request)
        fields = reading.document(request)
        kind = reading.text(fields, "Type").lower()
        session_id = reading.session_id(fields, "SessionId")
        caller = reading.caller(fields, "Mobile")
        if kind in _ENDS:
            return Hangup(session_id, caller, _ENDS[kind])
        code = reading.text(fields, "ServiceCode")
        if kind == "initiation":
            message = reading.text(fields, "Message", default="")
            dialled = message if message.startswith(("*", "#")) else code
            return Turn(session_id, caller, dialled, (), opens=True, hop="0")
        if kind == "response":
            hop = reading.count(fields, "Sequence") - _FIRST_ANSWER + 1
            if hop < 1:
                raise BadTurnError("Sequence is not that of an answer")
            return Turn(session_id, caller, code, (reading.text(fields, "Message"),), hop=str(hop))
        raise BadTurnError("Type is none of USSD")

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        return _answer(turn.session_id, shown.text, ends=shown.ends)

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """See `Dialect.acknowledge`."""
        return _answer(heard.session_id, "", ends=True)


def _answer(session_id: str, text: str, *, ends: bool) -> Answer:
    said = {
        "SessionId": session_id,
        "Type": "Release" if ends else "Response",
        "Message": text,
        "Label": text.partition("\n")[0],
        "DataType": "display" if ends else "input",
        "FieldType": "text",
    }
    return Answer(json.dumps(said).encode(), "application/json")
