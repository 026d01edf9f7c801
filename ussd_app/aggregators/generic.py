"""The dialect of our own, for any gateway that speaks none of the others: JSON, version 1.

In: every request is a POST of one JSON object in UTF-8 to the channel's address. Fields that are
not named here are passed over; one that is there twice is refused.

    version   1
    session   the gateway's id of the session, 1 to 128 characters, not used again for 10 minutes
    msisdn    the subscriber, as +22376000001
    event     dial, answer, end or abort
    hop       dial: 0; answer: which answer it is, 1 for the first and one more for each
    code      dial: all that was dialled, as *789# or *789*1*4821937028#
    text      answer: what was typed now, as it was typed, perhaps nothing
    reason    abort: subscriber, network, timeout (the subscriber's) or application (our own)
    lang      a hint, as fr or bm; reserved, without effect in version 1

Out: a dial and an answer get 200 and a screen in letters of GSM-7, lines parted by a line feed.

    {"version": 1, "session": "a1", "action": "ask", "text": "...", "next": 1}
    {"version": 1, "session": "a1", "action": "close", "text": "..."}

`next` is the hop that is awaited: a gateway counts by itself, or brings `next` back. After `close`
none is awaited: the screen is shown, and `end` is told. Whoever heard nothing, or an error of HTTP
from 500 on, sends the same request again, as often as he likes.

Hop identity: a count, the gateway's own.

    the awaited hop                         is taken, and the session goes on
    the hop before it, with the same text   is a repetition: the same answer, and nothing is done
    the hop before it, with another text    is late, as all older ones: the current screen again
    a hop further on                        is not taken: the current screen, `next` one further on
    an answer in a session not known        begins it anew, and nothing unseen is paid

Abnormal ends: `abort`, with its `reason`; `end` says that our last screen was shown. Both get 200
and `"action": "noted"`, known session or not; told again, they count once. Who confirmed a payment
and saw no last screen is told by SMS.

A request that cannot be read changes nothing, and would not be read the next time either:

    {"version": 1, "error": {"code": "invalid", "message": "missing: msisdn"}}

    400 invalid   404 not_found   413 too_large   422 unsupported_version

What is refused before it is read, 403 or 405, and 503 come as problems of RFC 9457.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    HOP_MAX,
    Answer,
    BadTurnError,
    Hangup,
    How,
    Identity,
    Inquiry,
    Request,
    Shown,
    Turn,
)

_VERSION = 1
_DIAL, _ANSWER, _END, _ABORT = "dial", "answer", "end", "abort"
_REASONS = {
    "subscriber": How.CUT,
    "network": How.CUT,
    "timeout": How.CUT,
    "application": How.FAILED,
}
_CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "unsupported_version",
}


class Generic:
    """See the module."""

    identity = Identity.COUNT
    methods = frozenset({"POST"})
    deadline = 10.0

    def decode(self, request: Request) -> Turn | Hangup:
        """See `Dialect.decode`."""
        reading.no_path(request)
        fields = reading.document(request)
        if reading.text(fields, "version") != str(_VERSION):
            raise BadTurnError("version is not 1", HTTPStatus.UNPROCESSABLE_ENTITY)
        event = reading.text(fields, "event")
        if event in {_DIAL, _ANSWER}:
            return _turn(fields, opens=event == _DIAL)
        if event in {_END, _ABORT}:
            return _ended(fields, cut=event == _ABORT)
        raise BadTurnError("event is none of dial, answer, end and abort")

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        said: dict[str, object] = {"session": turn.session_id, "action": "close"}
        if not shown.ends:
            said |= {"action": "ask", "next": shown.step}
        return _said(said | {"text": shown.text})

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """See `Dialect.acknowledge`."""
        return _said({"session": heard.session_id, "action": "noted"})

    def refuse(self, error: BadTurnError) -> Answer:
        """See `Dialect.refuse`."""
        code = _CODES.get(error.status, "invalid")
        return _said({"error": {"code": code, "message": str(error)}}, error.status)


def _turn(fields: Mapping[str, object], *, opens: bool) -> Turn:
    hop = reading.count(fields, "hop", HOP_MAX)
    if opens is not (hop == 0):
        raise BadTurnError("hop is 0 in a dial, and there alone")
    return Turn(
        reading.session_id(fields, "session"),
        reading.caller(fields, "msisdn"),
        dialled=reading.text(fields, "code") if opens else "",
        inputs=() if opens else (reading.text(fields, "text"),),
        opens=opens,
        hop=str(hop),
    )


def _ended(fields: Mapping[str, object], *, cut: bool) -> Hangup:
    session_id, caller = reading.session_id(fields, "session"), reading.caller(fields, "msisdn")
    if not cut:
        return Hangup(session_id, caller, How.CLEAN)
    how = _REASONS.get(reading.text(fields, "reason"))
    if how is None:
        raise BadTurnError(f"reason is none of {', '.join(_REASONS)}")
    return Hangup(session_id, caller, how)


def _said(told: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> Answer:
    body = json.dumps({"version": _VERSION, **told})
    return Answer(body.encode(), "application/json", status=status)
