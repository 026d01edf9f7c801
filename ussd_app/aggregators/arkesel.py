"""Arkesel USSD (aggregators.md 2.5).

In: POST JSON `sessionID userID newSession msisdn userData network`. `userData` is what was dialled
while `newSession` is true, then what was typed. Out: JSON `sessionID userID msisdn message
continueSession`, the ids as they came. A session lasts 150 s, an answer is waited for 25 s.
Hop identity: none is documented, and nothing of ours is brought back.
Abnormal ends: none is told; a session that was cut falls silent.
Uncertain: both durations (third parties). Some have seen the dialled string end in U+FF03 for `#`.
"""

import json

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    Answer,
    Dialect,
    Identity,
    Request,
    Shown,
    Turn,
)

_WIDE_HASH = "\uff03"


class Arkesel(Dialect):
    """See the module."""

    identity = Identity.NONE
    methods = frozenset({"POST"})
    deadline = 25.0

    def decode(self, request: Request) -> Turn:
        """See `Dialect.decode`."""
        reading.no_path(request)
        fields = reading.document(request)
        text = reading.text(fields, "userData", default="")
        opens = reading.flag(fields, "newSession")
        return Turn(
            reading.session_id(fields, "sessionID"),
            reading.caller(fields, "msisdn"),
            dialled=text.replace(_WIDE_HASH, "#") if opens else "",
            inputs=() if opens else (text,),
            opens=opens,
            echo={"userID": reading.text(fields, "userID")},
        )

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        said = {
            "sessionID": turn.session_id,
            "userID": turn.echo.get("userID", ""),
            "msisdn": turn.caller.e164.removeprefix("+"),
            "message": shown.text,
            "continueSession": not shown.ends,
        }
        return Answer(json.dumps(said).encode(), "application/json")
