"""Africa's Talking USSD (aggregators.md 2.1).

In: POST application/x-www-form-urlencoded `sessionId phoneNumber networkCode serviceCode text`,
where `text` is empty on dial and then holds everything typed, joined by `*`. A deep dial may come
in the service code or in the text. Out: text/plain, `CON ` to go on or `END ` to close.
The end of a session comes to `/events` as a form `sessionId phoneNumber status ...`, its status
`Success`, `Incomplete` or `Failed`.
Hop identity: the position in the accumulated text. Unknown network codes are taken: 99999 is the
vendor's sandbox.
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from domain.msisdn import Msisdn
from ussd_app.aggregators.base import (
    INPUTS_MAX,
    SESSION_ID_MAX,
    TEXT_MAX,
    BadTurnError,
    Hangup,
    How,
    Shown,
    Turn,
)

_FORM = "application/x-www-form-urlencoded"
_TURN = ("sessionId", "phoneNumber", "serviceCode", "text")
_END = ("sessionId", "phoneNumber", "status")
_ENDS = {"Success": How.CLEAN, "Incomplete": How.CUT, "Failed": How.FAILED}
_FIELDS_MAX = 20


class AfricasTalking:
    """See the module."""

    content_type = "text/plain; charset=utf-8"

    def decode(self, body: bytes, content_type: str) -> Turn:
        """See `Dialect.decode`."""
        form = _form(body, content_type, _TURN)
        text = form["text"]
        inputs = tuple(text.split("*")) if text else ()
        if len(text) > TEXT_MAX or len(inputs) > INPUTS_MAX:
            raise BadTurnError("text is too long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        caller = _caller(form["phoneNumber"])
        return Turn(_session_id(form), caller, form["serviceCode"], inputs)

    def decode_end(self, body: bytes, content_type: str) -> Hangup:
        """See `Dialect.decode_end`."""
        form = _form(body, content_type, _END)
        how = _ENDS.get(form["status"], How.CUT)
        return Hangup(_session_id(form), _caller(form["phoneNumber"]), how)

    def encode(self, shown: Shown) -> bytes:
        """See `Dialect.encode`."""
        return f"{'END' if shown.ends else 'CON'} {shown.text}".encode()


def _form(body: bytes, content_type: str, required: tuple[str, ...]) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise BadTurnError(f"the body is not {_FORM}", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict",
            max_num_fields=_FIELDS_MAX,
        )  # fmt: skip
    except ValueError:
        raise BadTurnError("the form cannot be read") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise BadTurnError("a field is there twice")
    missing = [name for name in required if name not in form]
    if missing:
        raise BadTurnError(f"missing: {' '.join(missing)}")
    if any("\x00" in value for value in form.values()):
        raise BadTurnError("the form cannot be read")
    return form


def _session_id(form: Mapping[str, str]) -> str:
    session_id = form["sessionId"]
    if not 0 < len(session_id) <= SESSION_ID_MAX:
        raise BadTurnError("sessionId is empty or too long")
    return session_id


def _caller(text: str) -> Msisdn:
    """A `+` sent unescaped arrives as a space."""
    bare = text.strip()
    try:
        return Msisdn.parse(bare if bare.startswith("+") else f"+{bare}")
    except ValueError:
        raise BadTurnError("phoneNumber is not a telephone number") from None
