"""Orange's USSD browser, from the gateway's side (ussd_app/aggregators/orange.py).

A browser: it keeps the page it shows, follows its links and fills its form. What no link and no
form takes is brought as a hub does that brings all that is typed: in `user-entry`.
"""

from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

from homologation.gateways.base import Call, How, Reply, Screen, Session, UnreadableError

_END = "head/meta[@name='nav'][@content='end']"


class Orange:
    """See the module."""

    def open(self, session: Session) -> Call:
        """See `Gateway.open`."""
        return Call("GET", headers=_headers(session) | {"hub-ussdcode": session.dialled})

    def answer(self, session: Session) -> Call:
        """See `Gateway.answer`."""
        typed, page, headers = session.typed[-1], _parsed(session.token), _headers(session)
        links = {link.get("accesskey"): link for link in page.iter("a")}
        field = page.find("body/form/input")
        if typed in links:
            return Call("GET", query=_query(links[typed].get("href", "")), headers=headers)
        if field is not None:  # the query of the form's own address is dropped, as browsers do
            return Call("GET", query={field.get("name", ""): typed}, headers=headers)
        query = _query(next(iter(links.values())).get("href", ""))
        unpressed = {name: value.partition("-")[0] for name, value in query.items()}
        return Call("GET", query=unpressed, headers=headers | {"user-entry": typed})

    def hang_up(self, session: Session, how: How) -> None:
        """See `Gateway.hang_up`."""
        del session, how

    def read(self, session: Session, reply: Reply) -> Screen:
        """See `Gateway.read`."""
        if reply.status != HTTPStatus.OK or not _is_html(reply):
            raise UnreadableError("no page")
        page = _parsed(reply.body.decode("utf-8", "replace"))
        body = page.find("body")
        if body is None:
            raise UnreadableError("a page without a body")
        ends = page.find(_END) is not None
        ways = bool(body.findall("a")) + len(body.findall("form/input"))
        if ways != (0 if ends else 1):
            raise UnreadableError("neither links alone, nor one input, nor an end")
        if not ends:
            session.token = reply.body.decode("utf-8", "replace")
        return Screen(_text(body), ends=ends)


def _headers(session: Session) -> dict[str, str]:
    return {"User-MSISDN": session.number, "User-SessionId": session.session_id}


def _is_html(reply: Reply) -> bool:
    return reply.headers.get("content-type", "").startswith("text/html")


def _parsed(page: str) -> ET.Element:
    try:
        return ET.fromstring(page.encode())  # noqa: S314  # the page of the system under test
    except ET.ParseError:
        raise UnreadableError("the page is no xHTML") from None


def _query(href: str) -> dict[str, str]:
    """Return the query of an address; only one relative to our own is followed here."""
    address = urlsplit(href)
    if address.scheme or address.netloc or address.path or not address.query:
        raise UnreadableError("the address leads elsewhere")
    return dict(parse_qsl(address.query))


def _text(body: ET.Element) -> str:
    parts = [body.text or ""]
    for node in body:
        if node.tag == "br":
            parts.append("\n")
        if node.tag == "a":
            parts.append(f"{node.get('accesskey')} {node.text or ''}")
        parts.append(node.tail or "")
    return "".join(parts)
