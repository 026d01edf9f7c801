"""Airtel USSD: Comviva Flares, HTTP Pull 1.5.0 (aggregators.md 2.6).

In: GET `?SessionID&MSISDN&MSC&input`, perhaps with `userid` and `password`, which are not looked
at: a channel has its own secret. The first `input` of a session is what was dialled, without the
`*` in front and the `#` behind, and nothing says that it is the first; so the gateway is given the
channel's address with the service code at its end (`.../789`), and an `input` that is the code, or
begins with it and a `*`, opens the session. Later the `input` is the last answer alone.
Out: text/plain, its header `Freeflow` `FC` to go on or `FB` to close, `charge` `N`, `amount` `0`.
Hop identity: none. An answer that is the service code itself is taken for the opening once more.
Abnormal ends: the clean-up call, GET `?SessionID&msisdn&clean&error`, which is answered 200; seen
with other fields, some of them without a name.
Uncertain: what `clean` and `error` say (522 and 523 were seen: every clean-up is a cut here);
whether there is one after a last screen; the deadline, taken from 2.1.
"""

import re
from http import HTTPStatus

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    Answer,
    BadTurnError,
    Dialect,
    Hangup,
    How,
    Identity,
    Inquiry,
    Request,
    Shown,
    Turn,
)

_CODE = re.compile(r"[0-9]+(?:\*[0-9]+)*")
_TEXT = "text/plain; charset=utf-8"
_UNKEPT = {"Cache-Control": "no-store"}


class Airtel(Dialect):
    """See the module."""

    identity = Identity.NONE
    methods = frozenset({"GET"})
    deadline = 10.0

    def decode(self, request: Request) -> Turn | Hangup:
        """See `Dialect.decode`."""
        code = request.path.removeprefix("/")
        if not _CODE.fullmatch(code):
            raise BadTurnError("the address does not end in a service code", HTTPStatus.NOT_FOUND)
        told = request.query
        session_id = reading.session_id(told, "SessionID")
        if "clean" in told:
            reading.text(told, "error")
            return Hangup(session_id, reading.caller(told, "msisdn"), How.CUT)
        caller, text = reading.caller(told, "MSISDN"), reading.text(told, "input")
        if text == code or text.startswith(f"{code}*"):
            return Turn(session_id, caller, f"*{text}#", inputs=(), opens=True)
        return Turn(session_id, caller, f"*{code}#", inputs=(text,))

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        del turn
        flow = {"Freeflow": "FB" if shown.ends else "FC", "charge": "N", "amount": "0"}
        return Answer(shown.text.encode(), _TEXT, flow | _UNKEPT)

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """See `Dialect.acknowledge`."""
        del heard
        return Answer(b"", headers=_UNKEPT)
