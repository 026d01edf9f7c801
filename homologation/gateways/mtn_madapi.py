"""MTN MADAPI, from the gateway's side (ussd_app/aggregators/mtn_madapi.py)."""

import json
from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_JSON = {"content-type": "application/json"}
_DONE = "0000"
_GO_ON, _CLOSE = (1, True), (2, False)  # `messageType` and `userInputRequired` say the same
_ENDS = {How.CLEAN: "2", How.CUT: "4"}


class MtnMadapi:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _call(session, "0", session.dialled)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _call(session, "1", session.typed[-1])

    def hang_up(self, session: Session, how: How) -> Call | None:
        """See `Gateway.hang_up`."""
        return _call(session, _ENDS[how], "") if how in _ENDS else None

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        try:
            said = json.loads(reply.body)
            data = said["data"]
            text, number = data["inboundResponse"], data["msisdn"]
            way = (data["messageType"], data["userInputRequired"])
        except (ValueError, KeyError, TypeError):
            raise UnreadableError("no screen") from None
        if (reply.status, said["statusCode"]) != (HTTPStatus.OK, _DONE):
            raise UnreadableError("an error")
        if way not in {_GO_ON, _CLOSE} or number != session.number.removeprefix("+"):
            raise UnreadableError("neither to go on nor to close, or of another session")
        return Screen(str(text), ends=way == _CLOSE)


def _call(session: Session, kind: str, said: str) -> Call:
    ours = session.dialled.startswith(session.code.removesuffix("#"))
    fields = {
        "sessionId": session.session_id,
        "messageType": kind,
        "msisdn": session.number.removeprefix("+"),
        "serviceCode": session.code if ours else session.dialled,
        "ussdString": said,
        "cellId": "14921",
        "language": "fr",
    }
    return Call(headers=_JSON, body=json.dumps(fields).encode())
