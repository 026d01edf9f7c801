"""Wigal Smart USSD, from the gateway's side (ussd_app/aggregators/wigal.py)."""

import json
from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_JSON = {"content-type": "application/json; charset=UTF-8"}
_NETWORK, _USERNAME = "MTN", "sarali"


class Wigal:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _call(session, "START", session.dialled)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _call(session, "MORE", session.typed[-1])

    def hang_up(self, session: Session, how: How) -> Call | None:
        """See `Gateway.hang_up`."""
        return _call(session, "END", "") if how is How.CUT else None

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        try:
            said = json.loads(reply.body)
            text, mode = said["userdata"], said["mode"]
            ours = (said["network"], said["username"], said["sessionid"], said["msisdn"])
        except (ValueError, KeyError, TypeError):
            raise UnreadableError("no screen") from None
        known = (_NETWORK, _USERNAME, session.session_id, session.number.removeprefix("+"))
        if reply.status != HTTPStatus.OK or ours != known or mode not in {"MORE", "END"}:
            raise UnreadableError("of another session, or an error")
        return Screen(str(text).replace("^", "\n"), ends=mode == "END")


def _call(session: Session, mode: str, said: str) -> Call:
    fields = {
        "network": _NETWORK,
        "sessionid": session.session_id,
        "mode": mode,
        "msisdn": session.number.removeprefix("+"),
        "userdata": said,
        "username": _USERNAME,
        "trafficid": f"{session.session_id}-{len(session.typed)}",
        "other": "",
    }
    return Call(headers=_JSON, body=json.dumps(fields).encode())
