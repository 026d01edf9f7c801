"""Whatever comes, a decoder says what it is or that it is nothing, and the door never breaks.

`--hypothesis-profile=long` tries 10 000 requests of each kind at each dialect.
"""

import json
from collections.abc import Mapping
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from homologation.gateways.all import GATEWAYS
from homologation.gateways.base import Call, Session
from tests.contract.aggregators.mutations import HOSTILE, TYPES, foreign, spoilt
from tests.contract.aggregators.subscriber import NUMBER, deliver
from tests.contract.aggregators.wire import hear_turn, reply, request
from tests.integration.web.citizen import Door
from ussd_app.aggregators.base import (
    HOP_MAX,
    INPUTS_MAX,
    SESSION_ID_MAX,
    TEXT_MAX,
    Answer,
    BadTurnError,
    Dialect,
    Heard,
    Identity,
    Shown,
    Turn,
)
from ussd_app.dialects import DIALECTS

REASON_MAX, ANSWER_MAX = 100, 8192
SCREENS = (
    Shown("Amende 4821937028\n1 Payer\n0 Retour", ends=False, options=2, step=3),
    Shown("Numero de l'amende ?", ends=False, step=4),
    Shown('Merci <&">', ends=True, step=5),
    Shown("a\x0cb\n1 c", ends=False, options=1, step=6),
)
# In the letters of the wire; two septets are taken by none that our texts have.
LETTERS = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡AZÄÖÑÜ§¿azäöñüà"
LINES = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(bool)
AT_THE_DOOR = 2  # one of so many: what comes through the door is decoded as well
every_dialect = pytest.mark.parametrize("name", sorted(DIALECTS))


def check_heard(name: str, heard: Heard) -> None:
    assert 0 < len(heard.session_id) <= SESSION_ID_MAX
    if not isinstance(heard, Turn):
        return
    assert len(heard.dialled) <= TEXT_MAX
    assert len(heard.inputs) <= INPUTS_MAX
    assert sum(map(len, heard.inputs)) <= TEXT_MAX
    if DIALECTS[name].identity is Identity.COUNT:
        assert heard.hop.isascii()
        assert 0 <= int(heard.hop) <= HOP_MAX
    else:
        assert len(heard.hop) <= TEXT_MAX
    for words in (heard.session_id, heard.dialled, heard.hop, *heard.inputs):
        words.encode()  # what cannot be written down is not heard


def check_written(answer: Answer) -> None:
    assert len(answer.body) <= ANSWER_MAX
    for header, value in answer.headers.items():
        assert (header + value).isprintable()
        value.encode("latin-1")
    check_form(answer.content_type, answer.body)


def check_form(content_type: str, body: bytes) -> None:
    if "json" in content_type and body:
        assert isinstance(json.loads(body), Mapping)
    elif ("xml" in content_type or "html" in content_type) and body:
        ET.fromstring(body)  # noqa: S314  # our own
    else:
        body.decode()


def check_refused(dialect: Dialect, error: BadTurnError) -> None:
    assert len(str(error)) <= REASON_MAX
    assert NUMBER.removeprefix("+") not in str(error)
    refusal = dialect.refuse(error)
    if refusal is not None:
        check_written(refusal)


def try_out(name: str, call: Call) -> bool:
    """Decode a request, and answer what was heard in every way there is.

    Return whether anything was heard.
    """
    dialect = DIALECTS[name]
    try:
        heard = dialect.decode(request(call))
    except BadTurnError as error:
        check_refused(dialect, error)
        return False
    check_heard(name, heard)
    if isinstance(heard, Turn):
        for shown in SCREENS:
            check_written(dialect.encode(shown, heard))
    else:
        check_written(dialect.acknowledge(heard))
    return True


@every_dialect
def test_any_bytes(name: str) -> None:
    @given(foreign(name))
    def every(call: Call) -> None:
        try_out(name, call)

    every()


@every_dialect
def test_spoilt_samples(name: str) -> None:
    @given(spoilt(name))
    def every(call: Call) -> None:
        try_out(name, call)

    every()


@every_dialect
def test_any_screen_is_shown_as_it_was_meant(name: str) -> None:
    @given(st.lists(LINES, min_size=1, max_size=5).map("\n".join), st.booleans())
    def every(text: str, ends: bool) -> None:  # noqa: FBT001  # drawn by hypothesis
        gateway, session = GATEWAYS[name], Session(NUMBER, "session-1")
        turn = hear_turn(DIALECTS[name], gateway.open(session))
        answer = DIALECTS[name].encode(Shown(text, ends, step=1), turn)
        check_written(answer)
        screen = gateway.read(session, reply(answer))
        assert (screen.text, screen.ends) == (text, ends)

    every()


@every_dialect
def test_nothing_breaks_the_door(app: Flask, name: str) -> None:
    send = deliver(Door(app), name)

    @settings(max_examples=settings().max_examples // AT_THE_DOOR)
    @given(spoilt(name) | foreign(name))
    def every(call: Call) -> None:
        answer = send(call)
        assert answer.status < 500
        check_form(answer.headers["content-type"], answer.body)

    every()


@every_dialect
def test_what_is_meant_to_do_harm_is_refused(app: Flask, name: str) -> None:
    send = deliver(Door(app), name)
    for body in HOSTILE:
        for content_type in TYPES:
            for method in DIALECTS[name].methods:
                call = Call(method, headers={"content-type": content_type}, body=body)
                assert not try_out(name, call)
                assert send(call).status < 500
