"""Infobip, from the gateway's side (ussd_app/aggregators/infobip.py).

The end of a session is not played: it names no subscriber, and so changes nothing.
"""

import json
from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_JSON = {"content-type": "application/json"}


class Infobip:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _turn(session, "start", session.dialled)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _turn(session, "response", session.typed[-1])

    def hang_up(self, session: Session, how: How) -> None:
        """See `Gateway.hang_up`."""
        del session, how

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        del session
        try:
            said = json.loads(reply.body)
            done, text, ends = said["responseExitCode"], said["ussdMenu"], said["shouldClose"]
        except (ValueError, KeyError, TypeError):
            raise UnreadableError("no menu") from None
        if (reply.status, done) != (HTTPStatus.OK, HTTPStatus.OK):
            raise UnreadableError("responseExitCode is not 200")
        return Screen(str(text), ends=ends is True)


def _turn(session: Session, deed: str, text: str) -> Call:
    fields = {
        "msisdn": session.number.removeprefix("+"),
        "imsi": None,
        "text": text,
        "shortCode": session.code,
        "language": None,
        "optional": None,
        "ussdGwId": "live1",
    }
    path = f"/session/{session.session_id}/{deed}"
    return Call(path=path, headers=_JSON, body=json.dumps(fields).encode())
