"""Infobip USSD, HTTP/REST/JSON (aggregators.md 2.3).

In: `POST /session/<id>/start` and `/response`, JSON `msisdn text`, and not always `shortCode imsi
language optional ussdGwId`; `PUT /session/<id>/end`, JSON `reason exitCode`; `GET
/session/<id>/status`. Out: JSON `ussdMenu shouldClose responseExitCode responseMessage`; an end is
answered with the last two, a question about the session with `sessionActive` besides, a refusal
with the reason in them.
Hop identity: none is documented.
Abnormal ends: all come as `end`, which names no subscriber. A session is kept under its subscriber,
so an end is acknowledged and the silence that follows counts for it. For the same reason every
session asked about is said to be active: a wrong yes costs a turn, a wrong no a payment half done.
Uncertain: that the text of `start` is what was dialled (taken so where it looks like a code, else
`shortCode` is); what the exit codes mean; whether a refusal may have an HTTP status of its own (it
is that of `responseExitCode` here); the deadline, taken from 2.1. The vendor shows the first screen
of a session as a menu, whatever `shouldClose` says: whoever answers it is shown it again.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    Answer,
    BadTurnError,
    Hangup,
    Identity,
    Inquiry,
    Request,
    Shown,
    Turn,
)

_METHODS = {"start": "POST", "response": "POST", "end": "PUT", "status": "GET"}


@dataclass(frozen=True, slots=True)
class _Ended(Inquiry):
    """The end of a session of nobody knows whom."""


class Infobip:
    """See the module."""

    identity = Identity.NONE
    methods = frozenset(_METHODS.values())
    deadline = 10.0

    def decode(self, request: Request) -> Turn | Inquiry:
        """See `Dialect.decode`."""
        session_id, deed = _place(request)
        if deed == "status":
            return Inquiry(session_id)
        fields = reading.document(request)
        if deed == "end":
            return _Ended(session_id)
        caller = reading.caller(fields, "msisdn")
        code = reading.text(fields, "shortCode", default="")
        if deed == "response":
            return Turn(session_id, caller, code, (reading.text(fields, "text"),))
        text = reading.text(fields, "text", default="")
        if text.startswith(("*", "#")):
            return Turn(session_id, caller, text, (), opens=True)
        return Turn(session_id, caller, code, reading.typed(text), opens=True)

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        del turn
        return _answer({"ussdMenu": shown.text, "shouldClose": shown.ends})

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """See `Dialect.acknowledge`."""
        return _answer({} if isinstance(heard, _Ended) else {"sessionActive": True})

    def refuse(self, error: BadTurnError) -> Answer:
        """See `Dialect.refuse`."""
        return _answer({}, error.status, str(error))


def _place(request: Request) -> tuple[str, str]:
    match request.path.split("/"):
        case ["", "session", given, deed] if deed in _METHODS:
            if request.method != _METHODS[deed]:
                raise BadTurnError("not by this method", HTTPStatus.METHOD_NOT_ALLOWED)
            return reading.session_id({"session": given}, "session"), deed
    raise BadTurnError("no such door", HTTPStatus.NOT_FOUND)


def _answer(
    fields: dict[str, object], status: HTTPStatus = HTTPStatus.OK, reason: str = ""
) -> Answer:
    said = fields | {"responseExitCode": int(status), "responseMessage": reason}
    return Answer(json.dumps(said).encode(), "application/json", status=status)
