"""What the merchant SOAP of Moov Money answers, as its clients print it; and what it should not."""

import json
from xml.sax.saxutils import escape

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer
from tests.contract.operators.case import ORDER, Facts, Shape, Told

REF = "720261122000006"
KEY = "<72&02>6 ]]>"  # whatever the operator makes of it, it is the text of one element
PUSH, STATUS = "PushWithPending", "getTransactionStatus"


def envelope(body: str) -> Answer:
    start = '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    return Answer(200, f"{start}{body}</soap:Body></soap:Envelope>".encode(errors="replace"))


def answered(operation: str, fields: str, wrapper: str = "") -> Answer:
    """As the clients of the API print it: `result` of a push, `response` of an inquiry."""
    inside = wrapper or ("result" if operation == PUSH else "response")
    return envelope(
        f'<ns2:{operation}Response xmlns:ns2="http://api.merchant.tlc.com/">\n  '
        f"<{inside}>\n    {fields}\n  </{inside}>\n</ns2:{operation}Response>"
    )


def told(operation: str, code: str, ref: str = REF, of: str = ORDER.attempt_id) -> Answer:
    return answered(
        operation,
        f"<description>text</description><referenceid>{ref}</referenceid>"
        f"<status>{code}</status><transid>{of}</transid>",
    )


def saying(operation: str, word: object) -> Answer:
    """A text is the text of `status`; what is no text stands in it as an element."""
    shown = escape(word) if isinstance(word, str) else f"<v>{escape(json.dumps(word))}</v>"
    return told(operation, shown)


def shape(operation: str) -> Shape:
    """`paid` is None: no answer of this operator names the amount that moved."""
    return Shape(
        saying=lambda word: saying(operation, word),
        paid=None,
        standing=told(operation, "0"),
        of_others={code: told(operation, code, of="f" * 32) for code in ("0", "92", "100")},
    )


def codes(operation: str, source: Source) -> tuple[Told[Facts], ...]:
    """The codes that mean the same in a reply and in an inquiry."""
    pending = (Evidence(Kind.PENDING, source),)
    paid = (Evidence(Kind.PENDING, source, word="status 0, amount not told"),)
    echo = Told("paid, what was asked about echoed", told(operation, "0", of=escape(KEY)), paid)
    echoed = (echo,) if operation == STATUS else ()
    unlisted = ("1", "2", "4", "5", "6", "7", "9", "17", "18", "90", "93", "96", "101", "00", "+0")
    failures = {
        "3": Failure.WALLET,
        "8": Failure.INSUFFICIENT,
        "10": Failure.INSUFFICIENT,
        "11": Failure.OTHER,
        "12": Failure.OTHER,
        "13": Failure.WALLET,
        "14": Failure.WALLET,
        "15": Failure.WALLET,
        "16": Failure.WALLET,
        "19": Failure.WALLET,
        "20": Failure.WALLET,
        "92": Failure.EXPIRED,
        "95": Failure.OTHER,
        "555": Failure.WALLET,
    }
    return (
        Told("pending", told(operation, "100"), pending),
        Told("paid, but not how much", told(operation, "0"), paid),
        Told("paid, without an id", told(operation, "0", ref=""), paid),
        *echoed,
        *(status(operation, code, failed(source, why)) for code, why in failures.items()),
        *(status(operation, code, unrecognised(source, code)) for code in unlisted),
        *odd_forms(operation, source),
    )


def status(operation: str, code: str, meaning: Facts) -> Told[Facts]:
    return Told(f"status {code}", told(operation, code), meaning)


def failed(source: Source, failure: Failure) -> Facts:
    return (Evidence(Kind.FAILED, source, failure=failure),)


def unrecognised(source: Source, word: str) -> Facts:
    return (Evidence(Kind.UNRECOGNISED, source, word=word),)


def odd_forms(operation: str, source: Source) -> tuple[Told[Facts], ...]:
    """What the operator's own machines are seen to send, and what nobody should."""
    pending = (Evidence(Kind.PENDING, source),)
    nothing = unrecognised(source, "")
    body = told(operation, "100").body
    utf16 = b'<?xml version="1.0" encoding="utf-16"?>'
    bare = "<description>IN PENDING STATE</description><status>100</status>"
    other = body.replace(b"http://api.merchant.tlc.com/", b"http://tlc.com.ph/")
    return (
        Told("pending, without ids", answered(operation, bare), pending),
        Told("wrapped as return", answered(operation, bare, "return"), pending),
        Told("UTF-8 that says UTF-16", Answer(200, utf16 + body), pending),
        Told("with a byte-order mark", Answer(200, b"\xef\xbb\xbf" + body), pending),
        Told("the other namespace", Answer(200, other), pending),
        Told("no status", answered(operation, "<description>x</description>"), nothing),
        Told("an empty status", answered(operation, "<status/>"), nothing),
        Told("spaces around it", told(operation, " 0"), unrecognised(source, " 0")),
        Told("digits of another script", told(operation, "٠"), unrecognised(source, "٠")),
        Told("a status of elements", told(operation, "<code>95</code>"), nothing),
        Told("a status of a text and an element", told(operation, "95<code/>"), nothing),
    )


def unreadable(operation: str, meaning: Facts) -> tuple[Told[Facts], ...]:
    """No answer to what was asked: whatever it says, nothing is concluded."""
    other = STATUS if operation == PUSH else PUSH
    no = told(operation, "95").body
    dtd = b'<!DOCTYPE a [<!ENTITY e "95">]>'
    twice = answered(operation, "<status>95</status><status>0</status>")
    one = no[no.index(b"<ns2:") : no.index(b"</soap:Body>")].decode()
    fault = envelope(
        "<soap:Fault><faultcode>soap:Server</faultcode>"
        "<faultstring>For input string</faultstring></soap:Fault>"
    )
    bodies = {
        "the answer to another question": told(other, "95").body,
        "a fault": fault.body,
        "two statuses": twice.body,
        "two answers": envelope(one + one).body,
        "another wrapper": answered(operation, "<status>95</status>", "verdict").body,
        "another envelope": no.replace(b"schemas.xmlsoap.org", b"www.example.org"),
        "another root": no.replace(b"soap:Envelope", b"soap:Letter"),
        "a document type": dtd + no,
        "an entity": dtd + no.replace(b">95<", b">&e;<"),
        "a comment": no.replace(b">95<", b">9<!-- -->5<"),
        "an answer too long": no.replace(b">text<", b">" + b"t" * 65_536 + b"<"),
        "UTF-16": no.decode().encode("utf-16"),
        "cut short": no[:-10],
        "two documents": no + no,
    }
    return tuple(Told(about, Answer(200, body), meaning) for about, body in bodies.items())
