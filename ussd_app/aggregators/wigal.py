"""Wigal Smart USSD, version 2 (aggregators.md 2.5; frogdocs.wigal.com.gh, Smart USSD V2).

In: POST JSON `network sessionid mode msisdn userdata username trafficid other`, all texts; `mode`
is START for a new session, MORE for an answer, END when it is closed. Out: the same fields as they
came, with `mode` MORE to ask or END to close and the screen as `userdata`, of at most 160
characters. Lines are parted by `^`, as the vendor's own samples do. `other` is brought back with
the next request; nothing of ours is put there.
Hop identity: `trafficid`, another one for each request.
Abnormal ends: END from the gateway. It does not say why, so the citizen may have seen nothing.
Uncertain: the deadline; whether START brings what was dialled in `userdata`: there is no other
field for it, and where it does not begin with `*` or `#`, it is taken for the short code alone;
whether a session that we have closed is told as well. The vendor's sample script reads
`phonenumber`, its pages say `msisdn`, and so do we; some of its networks garble $ ` < ' and &.
Version 1 (GET, and an answer in one line) is not spoken here.
"""

import json

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    Answer,
    BadTurnError,
    Dialect,
    Hangup,
    How,
    Identity,
    Request,
    Shown,
    Turn,
)

_START, _MORE, _END = "START", "MORE", "END"
_LINE = "^"
_ECHOED = ("network", "username", "other")


class Wigal(Dialect):
    """See the module."""

    identity = Identity.ID
    methods = frozenset({"POST"})
    deadline = 5.0  # what operators ask for; see the module

    def decode(self, request: Request) -> Turn | Hangup:
        """See `Dialect.decode`."""
        reading.no_path(request)
        fields = reading.document(request)
        session_id = reading.session_id(fields, "sessionid")
        caller = reading.caller(fields, "msisdn")
        mode = reading.text(fields, "mode").upper()
        if mode == _END:
            return Hangup(session_id, caller, How.CUT)
        if mode not in {_START, _MORE}:
            raise BadTurnError("mode is none of START, MORE and END")
        said, opens = reading.text(fields, "userdata", default=""), mode == _START
        return Turn(
            session_id,
            caller,
            dialled=said if opens and said.startswith(("*", "#")) else "",
            inputs=() if opens else (said,),
            opens=opens,
            hop=reading.session_id(fields, "trafficid"),
            echo={name: reading.text(fields, name, default="") for name in _ECHOED},
        )

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        said = {
            "network": turn.echo.get("network", ""),
            "sessionid": turn.session_id,
            "mode": _END if shown.ends else _MORE,
            "msisdn": turn.caller.e164.removeprefix("+"),
            "userdata": shown.text.replace("\n", _LINE),
            "username": turn.echo.get("username", ""),
            "trafficid": turn.hop,
            "other": turn.echo.get("other", ""),
        }
        return Answer(json.dumps(said).encode(), "application/json")
