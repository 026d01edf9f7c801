"""Arkesel, from the gateway's side (ussd_app/aggregators/arkesel.py)."""

import json
from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_JSON = {"content-type": "application/json"}
_SERVICE = "SARALI"


class Arkesel:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _turn(session, session.dialled, new=True)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _turn(session, session.typed[-1], new=False)

    def hang_up(self, session: Session, how: How) -> None:
        """See `Gateway.hang_up`."""
        del session, how

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        try:
            said = json.loads(reply.body)
            text, goes_on = said["message"], said["continueSession"]
            ids = {name: said[name] for name in _ids(session)}
        except (ValueError, KeyError, TypeError):
            raise UnreadableError("no screen") from None
        if reply.status != HTTPStatus.OK or ids != _ids(session):
            raise UnreadableError("of another session, or an error")
        return Screen(str(text), ends=goes_on is not True)


def _ids(session: Session) -> dict[str, str]:
    number = session.number.removeprefix("+")
    return {"sessionID": session.session_id, "userID": _SERVICE, "msisdn": number}


def _turn(session: Session, data: str, *, new: bool) -> Call:
    fields = _ids(session) | {"newSession": new, "userData": data, "network": "MTN"}
    return Call(headers=_JSON, body=json.dumps(fields).encode())
