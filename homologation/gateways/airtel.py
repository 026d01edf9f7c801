"""Airtel, from the gateway's side (ussd_app/aggregators/airtel.py).

It calls the address it was given for the service code that was dialled.
"""

from http import HTTPStatus

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_GO_ON, _CLOSE = "FC", "FB"
_MSC = "22376000099"


class Airtel:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return _turn(session, session.dialled.strip("*#"))

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        return _turn(session, session.typed[-1])

    def hang_up(self, session: Session, how: How) -> Call | None:
        """See `Gateway.hang_up`."""
        if how is not How.CUT:
            return None
        told = {"msisdn": session.number.removeprefix("+"), "clean": "clean-session"}
        query = _known(session) | told | {"error": "522"}
        return Call("GET", _path(session), query)

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        del session
        flow, charge = reply.headers.get("freeflow"), reply.headers.get("charge")
        if (reply.status, charge) != (HTTPStatus.OK, "N") or flow not in {_GO_ON, _CLOSE}:
            raise UnreadableError("neither FC nor FB, or it would be charged for")
        return Screen(reply.body.decode("utf-8", "replace"), ends=flow == _CLOSE)


def _turn(session: Session, text: str) -> Call:
    told = {"MSISDN": session.number.removeprefix("+"), "MSC": _MSC, "input": text}
    return Call("GET", _path(session), _known(session) | told)


def _path(session: Session) -> str:
    code, dialled = session.code.strip("*#"), session.dialled.strip("*#")
    return f"/{code if f'{dialled}*'.startswith(f'{code}*') else dialled}"


def _known(session: Session) -> dict[str, str]:
    return {"SessionID": session.session_id}
