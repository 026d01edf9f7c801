"""Africa's Talking USSD (aggregators.md 2.1).

In: POST application/x-www-form-urlencoded `sessionId phoneNumber networkCode serviceCode text`,
where `text` is empty on dial and then holds everything typed, joined by `*`. A deep dial may come
in the service code or in the text. Out: text/plain, `CON ` to go on or `END ` to close.
The end of a session comes to `/events` as a form `sessionId phoneNumber status ...`, its status
`Success`, `Incomplete` or `Failed`.
Hop identity: the position in the accumulated text. Unknown network codes are taken: 99999 is the
vendor's sandbox.
"""

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    Answer,
    Dialect,
    Hangup,
    How,
    Identity,
    Request,
    Shown,
    Turn,
)

_EVENTS = "/events"
_NO_CODE = "#"  # this gateway always says one, so an empty one is none of ours
_ENDS = {"Success": How.CLEAN, "Incomplete": How.CUT, "Failed": How.FAILED}


class AfricasTalking(Dialect):
    """See the module."""

    identity = Identity.POSITION
    methods = frozenset({"POST"})
    deadline = 10.0

    def decode(self, request: Request) -> Turn | Hangup:
        """See `Dialect.decode`."""
        if request.path == _EVENTS:
            return _ended(request)
        reading.no_path(request)
        return _turn(request)

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        del turn
        return Answer(f"{'END' if shown.ends else 'CON'} {shown.text}".encode())


def _turn(request: Request) -> Turn:
    form = reading.form(request)
    text = reading.text(form, "text")
    return Turn(
        reading.session_id(form, "sessionId"),
        reading.caller(form, "phoneNumber"),
        reading.text(form, "serviceCode") or _NO_CODE,
        reading.typed(text),
        opens=not text,
    )


def _ended(request: Request) -> Hangup:
    form = reading.form(request)
    how = _ENDS.get(reading.text(form, "status"), How.CUT)
    session_id, caller = reading.session_id(form, "sessionId"), reading.caller(form, "phoneNumber")
    return Hangup(session_id, caller, how)
