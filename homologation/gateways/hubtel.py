"""Hubtel, from the gateway's side (ussd_app/aggregators/hubtel.py)."""

import json
from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_JSON = {"content-type": "application/json"}
_NEEDED = {"SessionId", "Type", "Message", "Label", "DataType", "FieldType"}
_TYPES = {How.CUT: "release", How.FAILED: "timeout"}


class Hubtel:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _call(session, "initiation", session.dialled, 1)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _call(session, "response", session.typed[-1], len(session.typed) + 1)

    def hang_up(self, session: Session, how: How) -> Call | None:
        """See `Gateway.hang_up`."""
        if how not in _TYPES:
            return None
        return _call(session, _TYPES[how], "", len(session.typed) + 2)

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        try:
            said = json.loads(reply.body)
            told = {name: str(said[name]) for name in _NEEDED}
        except (ValueError, KeyError, TypeError):
            raise UnreadableError("no screen") from None
        if reply.status != HTTPStatus.OK or told["SessionId"] != session.session_id:
            raise UnreadableError("of another session, or an error")
        if told["Type"] not in {"Response", "Release"}:
            raise UnreadableError("neither Response nor Release")
        return Screen(told["Message"], ends=told["Type"] == "Release")


def _call(session: Session, kind: str, message: str, sequence: int) -> Call:
    fields = {
        "Type": kind,
        "Message": message,
        "ServiceCode": session.code.strip("*#"),
        "Operator": "mtn",
        "ClientState": "",
        "Mobile": session.number.removeprefix("+"),
        "SessionId": session.session_id,
        "Sequence": str(sequence),
    }
    return Call(headers=_JSON, body=json.dumps(fields).encode())
