"""The dialect of our own, from the gateway's side (ussd_app/aggregators/generic.py)."""

import json
from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_JSON = {"content-type": "application/json"}
_VERSION = 1
_REASONS = {How.CUT: "subscriber", How.FAILED: "application"}


class Generic:
    """See the module. It brings back the hop that the last screen named."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _call(session, "dial", hop=0, code=session.dialled)

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _call(session, "answer", hop=int(session.token), text=session.typed[-1])

    def hang_up(self, session: Session, how: How) -> Call:
        """See `Gateway.hang_up`."""
        if how is How.CLEAN:
            return _call(session, "end")
        return _call(session, "abort", reason=_REASONS[how])

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        try:
            said = json.loads(reply.body)
            text, action, awaited = said["text"], said["action"], said.get("next")
            ours = (said["version"], said["session"])
        except (ValueError, KeyError, TypeError):
            raise UnreadableError("no screen") from None
        if reply.status != HTTPStatus.OK or ours != (_VERSION, session.session_id):
            raise UnreadableError("of another session, or an error")
        if action not in {"ask", "close"} or isinstance(awaited, int) is not (action == "ask"):
            raise UnreadableError("neither asks for a hop nor closes")
        if action == "ask":
            session.token = str(awaited)
        return Screen(str(text), ends=action == "close")


def _call(session: Session, event: str, **told: str | int) -> Call:
    fields = {
        "version": _VERSION,
        "session": session.session_id,
        "msisdn": session.number,
        "event": event,
        **told,
    }
    return Call(headers=_JSON, body=json.dumps(fields).encode())
