"""Bearers by OAuth's client credentials, and the headers they are sent in."""

import base64
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from payments.operators.base import HttpRequest, Outcome, Token
from payments.wire.documents import document, text

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = {"grant_type": "client_credentials"}
_OK = 200
_BEARER = re.compile(r"[!-~]{1,8192}")  # what a header can carry
_SECONDS = re.compile(r"[0-9]{1,9}")  # some write the number as a text
_LIFETIME_MAX = 366 * 86_400  # seconds; a bearer said to live longer is a mistake


def basic(user: str, password: str) -> str:
    """Return a user and a password as HTTP's basic scheme has them."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def ask(url: str, client: tuple[str, str], timeout: float, **more: str) -> HttpRequest:
    """Ask `url` for a bearer, as `client` (id and secret); `more` goes into the form."""
    headers = {"Authorization": f"Basic {basic(*client)}", **FORM}
    return HttpRequest("POST", url, headers, urlencode({**GRANT, **more}).encode(), timeout)


def headers(token: Token) -> Mapping[str, str]:
    """Return the headers of a call under a bearer, JSON both ways."""
    kinds = dict.fromkeys(("Content-Type", "Accept"), "application/json")
    return {"Authorization": f"Bearer {token.bearer}", **kinds}


def read(outcome: Outcome) -> Token | None:
    """Read a bearer with its lifetime; None when there is none, or it lives for ever."""
    answer = document(outcome, _OK)
    bearer, lifetime = text(answer.get("access_token"), _BEARER), answer.get("expires_in")
    if not (bearer and isinstance(lifetime, int | str)):
        return None
    seconds = _SECONDS.fullmatch(str(lifetime))
    living = seconds is not None and 0 < int(seconds[0]) <= _LIFETIME_MAX
    return Token(bearer, float(str(lifetime))) if living else None
