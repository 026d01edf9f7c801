"""MTN Rwanda USSD, XML-RPC (aggregators.md 2.6; the family of Ericsson's HXC router).

In: POST `handleUSSD` with one struct: `TransactionId` (of the session), `USSDServiceCode` (without
its signs), `USSDRequestString`, `MSISDN`, `TransactionTime`; perhaps `USSDEncoding`, and perhaps
`response`, false on the first request of a session. Out: the struct as it came, with
`USSDResponseString` in place of `USSDRequestString`, and `action`: `request` to go on, `end` to
close. Others of the family call the method `handleUSSDRequest`; both names are taken.
Hop identity: none. `TransactionTime` may be that of the request or of the session.
Abnormal ends: none is told; a session that was cut falls silent. The gateway waits 30 s.
Refusals: faults, with 200 as XML-RPC wants it: 4001 where a member is missing, 8002 where one
cannot be read. What is no call of `handleUSSD` gets a plain 400.
Uncertain: `response`, seen in clients of the family only; without it a request that brings nothing,
or ends in `#`, is taken for the first of its session. What is dialled deep (`1*4821937028#`) comes
beside the service code, or after it. `TransactionTime` is answered as it came. Whether `notify`
shows a text and closes. That 4001 goes out as a code: one known application answers 8002 to all.
"""

from xml.etree import ElementTree as ET

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    Answer,
    BadTurnError,
    Dialect,
    Identity,
    Request,
    Shown,
    Turn,
)

_XML = "text/xml; charset=utf-8"
_METHODS = {"handleUSSD", "handleUSSDRequest"}
_WANTED = ("TransactionId", "USSDServiceCode", "USSDRequestString", "MSISDN", "TransactionTime")
_ECHOED = ("TransactionId", "USSDServiceCode", "MSISDN", "USSDEncoding", "TransactionTime")
_FIRST = {"false", "0"}


class _FaultError(BadTurnError):
    """A call that is one, and cannot be answered."""

    def __init__(self, reason: str, code: str, words: str) -> None:
        super().__init__(reason)
        self.code = code
        self.words = words


class MtnRwanda(Dialect):
    """See the module."""

    identity = Identity.NONE
    methods = frozenset({"POST"})
    deadline = 30.0

    def decode(self, request: Request) -> Turn:
        """See `Dialect.decode`."""
        reading.no_path(request)
        struct = _struct(reading.tree(request))
        if any(name not in struct for name in _WANTED):
            raise _FaultError("a member is missing", "4001", "Missing Parameters")
        try:
            return _turn(struct)
        except BadTurnError as error:
            raise _FaultError(str(error), "8002", "error") from None

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        response = ET.Element("methodResponse")
        param = ET.SubElement(ET.SubElement(response, "params"), "param")
        struct = ET.SubElement(ET.SubElement(param, "value"), "struct")
        for typed_name, text in turn.echo.items():
            kind, _, name = typed_name.partition(" ")
            _add(struct, name, text, kind)
        _add(struct, "USSDResponseString", shown.text)
        _add(struct, "action", "end" if shown.ends else "request")
        return Answer(reading.markup(response), _XML)

    def refuse(self, error: BadTurnError) -> Answer | None:
        """See `Dialect.refuse`: what is no call gets no fault."""
        if not isinstance(error, _FaultError):
            return None
        response = ET.Element("methodResponse")
        value = ET.SubElement(ET.SubElement(response, "fault"), "value")
        struct = ET.SubElement(value, "struct")
        _add(struct, "faultCode", error.code, "int")
        _add(struct, "faultString", error.words)
        return Answer(reading.markup(response), _XML)


def _struct(call: ET.Element) -> dict[str, ET.Element]:
    """Read the members of the one struct: their values, with their types as tags."""
    method = call.findtext("methodName", "").strip()
    if call.tag != "methodCall" or method not in _METHODS:
        raise BadTurnError("the XML is no call of handleUSSD")
    struct: dict[str, ET.Element] = {}
    for member in call.iterfind("params/param/value/struct/member"):
        name, value = member.findtext("name", "").strip(), member.find("value")
        if value is None or len(value) > 1 or name in struct:
            raise BadTurnError("the struct cannot be read")
        struct[name] = value[0] if len(value) else value
    return struct


def _turn(struct: dict[str, ET.Element]) -> Turn:
    told = {name: "" if len(leaf) else leaf.text or "" for name, leaf in struct.items()}
    code = reading.text(told, "USSDServiceCode").strip("*#")
    typed = reading.text(told, "USSDRequestString")
    opens = not typed or typed.endswith("#")
    if "response" in told:
        opens = told["response"].lower() in _FIRST
    echoed = [name for name in _ECHOED if name in told]
    return Turn(
        reading.session_id(told, "TransactionId"),
        reading.caller(told, "MSISDN"),
        dialled=f"*{code}#",
        inputs=_deep(code, typed) if opens else (typed,),
        opens=opens,
        echo={f"{struct[name].tag} {name}": reading.text(told, name) for name in echoed},
    )


def _deep(code: str, typed: str) -> tuple[str, ...]:
    """Read what was dialled beside the service code, which may stand in front of it."""
    parts, known = reading.typed(typed.strip("*#")), tuple(code.split("*"))
    return parts[len(known) :] if parts[: len(known)] == known else parts


def _add(struct: ET.Element, name: str, text: str, kind: str = "string") -> None:
    member = ET.SubElement(struct, "member")
    ET.SubElement(member, "name").text = name
    kind = "string" if kind == "value" else kind
    ET.SubElement(ET.SubElement(member, "value"), kind).text = text
