"""Nalo Solutions, from the gateway's side (ussd_app/aggregators/nalo.py)."""

import json
from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_JSON = {"content-type": "application/json"}
_SERVICE = "SARALI01"


class Nalo:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _turn(session, session.dialled, first=True)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _turn(session, session.typed[-1], first=False)

    def hang_up(self, session: Session, how: How) -> None:
        """See `Gateway.hang_up`."""
        del session, how

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        try:
            said = json.loads(reply.body)
            text, goes_on, service = said["MSG"], said["MSGTYPE"], said["USERID"]
            number = said["MSISDN"]
        except (ValueError, KeyError, TypeError):
            raise UnreadableError("no screen") from None
        known = (HTTPStatus.OK, _SERVICE, session.number.removeprefix("+"))
        if (reply.status, service, number) != known:
            raise UnreadableError("of another session, or an error")
        return Screen(str(text), ends=goes_on is not True)


def _turn(session: Session, data: str, *, first: bool) -> Call:
    fields = {
        "USERID": _SERVICE,
        "MSISDN": session.number.removeprefix("+"),
        "USERDATA": data,
        "MSGTYPE": first,
        "NETWORK": "MTN",
        "SESSIONID": session.session_id,
    }
    return Call(headers=_JSON, body=json.dumps(fields).encode())
