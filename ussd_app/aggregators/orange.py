"""Orange and Myriad "USSD browser", LAfricaMobile: pages of xHTML (aggregators.md 2.9, 2.10).

Documented (developer.orange.com, #303# My Store): Orange fetches pages with GET over TLS, as a
browser does, without a token, and names the caller in international format; pages are a subset
of xHTML. The rest was seen in deployed services: the contract that holds it comes with a signature.
In: headers `User-MSISDN` and `User-SessionId`; a Myriad hub says `user-session`, and besides
`hub-ussdcode` (what was dialled) and `user-entry` (what was typed). The first request is our own
address; those that follow are addresses of our pages, from which a query is all that is relative:

    ?s=3-1            the link of key 1, on the page whose answer is hop 3
    ?response3=77     what was typed in the form of that page: a browser drops the query of a
                      form's own address, so the hop stands in the name
    ?s=3              the same from a hub that keeps that address, and brings `user-entry`

Out: text/html. A screen of choices is links alone, `accesskey` the key to press; one that asks is
a form of one input under the whole text, where the keys of its choices may be typed as well; the
last one has `<meta name="nav" content="end"/>`. Not to be cached: a page answers one hop.
Hop identity: a count of ours, which each address brings back; the first request is hop 0.
Abnormal ends: none is told, a session that was cut falls silent. A page fetched again, or an older
one, does nothing: keys act by their hop.
Uncertain: the deadline; whether a dialled string comes whole, and in which header; whether the
gateway writes `1.` before a link where we counted `1 `, keeps 0 and 00 for itself, or cuts long
pages into several. A caller known by `user-alias` alone is refused. What is typed in a form stands
in an address, which is theirs to choose: such addresses belong in no log. LAfricaMobile prints its
pages as pictures: where its number and session stand is to be asked.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from ussd_app.aggregators import reading
from ussd_app.aggregators.base import (
    HOP_MAX,
    Answer,
    BadTurnError,
    Dialect,
    Identity,
    Request,
    Shown,
    Turn,
)

_STEP, _INPUT = "s", "response"
_NUMBER, _SESSION, _CODE, _ENTRY = "user-msisdn", "user-sessionid", "hub-ussdcode", "user-entry"
_HUB_SESSION = "user-session"
_HEADERS = {
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
    "Expires": "-1",
    # Ours forbids forms, and a browser may obey it.
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
}
_PAGE = '<?xml version="1.0" encoding="UTF-8"?>\n<html>{head}<body>{body}</body></html>'
_END = '<head><meta name="nav" content="end"/></head>'
_LINE = "<br/>"


class Orange(Dialect):
    """See the module."""

    identity = Identity.COUNT
    methods = frozenset({"GET"})
    deadline = 5.0  # what operators ask for; see the module

    def decode(self, request: Request) -> Turn:
        """See `Dialect.decode`."""
        reading.no_path(request)
        headers = request.headers
        session_id = reading.session_id(headers, _SESSION if _SESSION in headers else _HUB_SESSION)
        caller = reading.caller({_NUMBER: _bare(reading.text(headers, _NUMBER))}, _NUMBER)
        answered = _answered(request)
        if answered is None:
            return Turn(session_id, caller, _dialled(headers), (), opens=True, hop="0")
        hop, typed = answered
        return Turn(session_id, caller, "", (typed,), hop=str(hop))

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """See `Dialect.encode`."""
        del turn
        if shown.ends:
            page = _PAGE.format(head=_END, body=_lines(shown.text))
        elif shown.options > 1:  # one alone is the way back from a question
            said = [_lines(shown.body)] if shown.body else []
            links = [_link(shown.step, key, words) for key, words in shown.choices]
            page = _PAGE.format(head="", body=_LINE.join(said + links))
        else:
            page = _PAGE.format(head="", body=_lines(shown.text) + _form(shown.step))
        return Answer(page.encode(), "text/html; charset=utf-8", _HEADERS)


def _answered(request: Request) -> tuple[int, str] | None:
    """Return the hop an address brings back and what was typed; None for our own address.

    What a form adds wins over what its page's address may have left behind.
    """
    query = request.query
    forms = [name for name in query if name.startswith(_INPUT)]
    if len(forms) > 1:
        raise BadTurnError("two answers at once")
    if forms:
        number = forms[0].removeprefix(_INPUT)
        typed = reading.text({_INPUT: query[forms[0]]}, _INPUT)
    elif _STEP in query:
        number, link, typed = reading.text(query, _STEP).partition("-")
        if not link:
            typed = reading.text(request.headers, _ENTRY)
    else:
        return None
    return reading.count({"the hop": number}, "the hop", HOP_MAX), typed


def _dialled(headers: Mapping[str, str]) -> str:
    """Return the code as it came, the one of the two headers that carries more of it."""
    code = reading.text(headers, _CODE, default="")
    entry = reading.text(headers, _ENTRY, default="")
    return max(code, entry if entry.startswith(("*", "#")) else "", key=len)


def _bare(number: str) -> str:
    """Some hubs write `tel:+223…`, and the documentation groups the digits."""
    return number.strip().removeprefix("tel:").replace(" ", "")


def _lines(text: str) -> str:
    return _LINE.join(_words(line) for line in text.split("\n"))


def _words(text: str) -> str:
    """An apostrophe stays as it is: French has many, and no text needs them escaped."""
    return escape(reading.carried(text), quote=False)


def _link(step: int, key: str, words: str) -> str:
    """One parameter: an `&` in an address is the first thing that a small parser gets wrong."""
    href = f"?{_STEP}={step}-{quote(key)}"
    return f'<a href="{escape(href)}" accesskey="{escape(key)}">{_words(words)}</a>'


def _form(step: int) -> str:
    return f'<form action="?{_STEP}={step}"><input type="text" name="{_INPUT}{step}"/></form>'
