"""Africa's Talking, from the gateway's side (ussd_app/aggregators/africastalking.py)."""

from http import HTTPStatus
from urllib.parse import urlencode

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_FORM = {"content-type": "application/x-www-form-urlencoded"}
_NETWORK = "61002"
_STATUSES = {How.CLEAN: "Success", How.CUT: "Incomplete", How.FAILED: "Failed"}
_SHOWN, _LAST = "CON ", "END "


class AfricasTalking:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _turn(session, "")

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _turn(session, "*".join(session.typed))

    def hang_up(self, session: Session, how: How) -> Call:
        """See `Gateway.hang_up`."""
        fields = _known(session) | {"status": _STATUSES[how]}
        return Call(path="/events", headers=_FORM, body=urlencode(fields).encode())

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        del session
        text = reply.body.decode("utf-8", "replace")
        if reply.status != HTTPStatus.OK or not text.startswith((_SHOWN, _LAST)):
            raise UnreadableError("neither CON nor END")
        return Screen(text[len(_SHOWN) :], ends=text.startswith(_LAST))


def _turn(session: Session, text: str) -> Call:
    fields = _known(session) | {"text": text}
    return Call(headers=_FORM, body=urlencode(fields).encode())


def _known(session: Session) -> dict[str, str]:
    return {
        "sessionId": session.session_id,
        "phoneNumber": session.number,
        "networkCode": _NETWORK,
        "serviceCode": session.dialled,
    }
