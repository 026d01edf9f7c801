"""Nalo Solutions USSD (aggregators.md 2.5).

In: POST JSON `USERID MSISDN USERDATA MSGTYPE NETWORK SESSIONID`. `MSGTYPE` is true for the first
request of a session, whose `USERDATA` is what was dialled, and false for the others, whose
`USERDATA` is what was typed. Out: JSON `USERID MSISDN USERDATA MSG MSGTYPE`, the first three as
they came, `MSGTYPE` true to go on and false to close.
Hop identity: none is documented. What is sent back is not brought again.
Abnormal ends: none is told; a session that was cut falls silent.
Uncertain: the deadline, taken from 2.1; that the first `USERDATA` always holds what was dialled; a
limit of 120 characters for `MSG`, told by third parties, below what screens are made for here.
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


class Nalo(Dialect):
    """See the module."""

    identity = Identity.NONE
    methods = frozenset({"POST"})
    deadline = 10.0

    def decode(self, request: Request) -> Turn:
        """See `Dialect.decode`."""
        reading.no_path(request)
        fields = reading.document(request)
        text = reading.text(fields, "USERDATA", default="")
        opens = reading.flag(fields, "MSGTYPE")
        return Turn(
            reading.session_id(fields, "SESSIONID"),
            reading.caller(fields, "MSISDN"),
            dialled=text if opens else "",
            inputs=() if opens else (text,),
            opens=opens,
            echo={"USERID": reading.text(fields, "USERID")},
        )

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        said = {
            "USERID": turn.echo.get("USERID", ""),
            "MSISDN": turn.caller.e164.removeprefix("+"),
            "USERDATA": turn.dialled if turn.opens else "*".join(turn.inputs),
            "MSG": shown.text,
            "MSGTYPE": not shown.ends,
        }
        return Answer(json.dumps(said).encode(), "application/json")
