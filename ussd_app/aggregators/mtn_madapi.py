"""MTN MADAPI USSD (aggregators.md 2.6; developers.mtn.com, MTN Messaging USSD API 1.0.0).

In: POST JSON `sessionId messageType msisdn serviceCode ussdString`, with `cellId language imsi` at
will. `messageType`: 0 begin, 1 continue, 2 end, 3 notification, 4 cancel, 5 timeout; a text, and
in deployed services a number as well. `ussdString` is what was typed now, on 0 what was dialled
(seen as `789*1*4821937028`), on 4 the reason. Out: JSON `statusCode` "0000", `statusMessage`,
`transactionId`, `data` and `_link`; in `data` the screen as `inboundResponse`, `userInputRequired`,
`messageType` 1 to go on or 2 to close, `serviceCode` and `msisdn` as they came. A refusal is
MADAPI's error object with code 5000, invalid parameters.
Hop identity: none is documented.
Abnormal ends: 4 the subscriber left, 5 nobody answered in time; 2 is the end that we asked for.
A notification (3) answers what we would have pushed, and is refused.
Uncertain: the deadline; that 2 never brings an answer: one deployed service has kept a request
that seems to, but a key taken from the notice of an end might pay what nobody has seen. The
document calls the screen `inboundResponse` and then requires `outboundResponse`; the first is what
is used. `transactionId` is the session's id: no other is brought.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    Answer,
    BadTurnError,
    Hangup,
    How,
    Identity,
    Inquiry,
    Request,
    Shown,
    Turn,
)

_BEGIN, _CONTINUE, _END = "0", "1", "2"
_ENDS = {_END: How.CLEAN, "4": How.CUT, "5": How.CUT}
_DONE = {"statusCode": "0000", "statusMessage": "Success"}
_LINK = {"self": {"href": "https://api.mtn.com/v1/messages/ussd/inbound"}}
_INVALID_PARAMETERS = "5000"


class MtnMadapi:
    """See the module."""

    identity = Identity.NONE
    methods = frozenset({"POST"})
    deadline = 5.0  # what operators ask for; see the module

    def decode(self, request: Request) -> Turn | Hangup:
        """See `Dialect.decode`."""
        reading.no_path(request)
        fields = reading.document(request)
        session_id = reading.session_id(fields, "sessionId")
        caller = reading.caller(fields, "msisdn")
        kind = reading.text(fields, "messageType")
        if kind in _ENDS:
            return Hangup(session_id, caller, _ENDS[kind])
        if kind not in {_BEGIN, _CONTINUE}:
            raise BadTurnError("messageType is none that is taken here")
        code, said = reading.text(fields, "serviceCode"), reading.text(fields, "ussdString")
        return Turn(
            session_id,
            caller,
            dialled=_dialled(code, said) if kind == _BEGIN else "",
            inputs=() if kind == _BEGIN else (said,),
            opens=kind == _BEGIN,
            echo={"serviceCode": code},
        )

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        data = {
            "inboundResponse": shown.text,
            "userInputRequired": not shown.ends,
            "messageType": int(_END if shown.ends else _CONTINUE),
            "serviceCode": turn.echo.get("serviceCode", ""),
            "msisdn": turn.caller.e164.removeprefix("+"),
        }
        return _said({**_DONE, "transactionId": turn.session_id, "data": data, "_link": _LINK})

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """See `Dialect.acknowledge`."""
        data = {"inboundResponse": "", "userInputRequired": False, "messageType": int(_END)}
        return _said({**_DONE, "transactionId": heard.session_id, "data": data, "_link": _LINK})

    def refuse(self, error: BadTurnError) -> Answer:
        """See `Dialect.refuse`."""
        told = {"statusCode": _INVALID_PARAMETERS, "statusMessage": str(error), "transactionId": ""}
        return _said(told, error.status)


def _dialled(code: str, said: str) -> str:
    """Return what was dialled, where `ussdString` is that; it may be any text."""
    base, parts = _parts(code), _parts(said)
    return said if parts[: len(base)] == base else code


def _parts(code: str) -> list[str]:
    return code.strip("*#").split("*")


def _said(told: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(json.dumps(told).encode(), "application/json", status=status)
