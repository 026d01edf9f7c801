"""Each dialect reads and writes what is documented of it, and its gateway's side agrees."""

import inspect
from pathlib import Path

import pytest

from homologation import sample as samples
from homologation.gateways.all import GATEWAYS
from homologation.gateways.base import Call, How, Reply, Session, UnreadableError
from homologation.sample import Sample
from tests.contract.aggregators.subscriber import NUMBER
from tests.contract.aggregators.wire import BILL, carries_deep_dials, hear, hear_turn, reply
from ussd_app.aggregators.base import (
    Answer,
    BadTurnError,
    Dialect,
    Hangup,
    Heard,
    Identity,
    Inquiry,
    Shown,
    Turn,
)
from ussd_app.dialects import DIALECTS

LINES_MAX = 200
SCREEN = "Sarali\n1 Amende\n2 Carte d'identite"
# In the letters of the wire; the last one would be markup, if it were let be.
TEXTS = [
    SCREEN,
    "Numero de l'amende ?",
    "Amende 4821937028 > 3 000 F CFA\n1 Payer\n0 Retour",
    '<b>&amp; "é" {x}',
]
NO_SCREENS = [
    b"",
    b"null",
    b"1",
    b"[]",
    b"{}",
    b'{"a": {"b": 1}}',
    b"<a/>",
    b"<",
    b"\xff",
    b"It works!",
]
EVERY = [
    pytest.param(name, sample, id=f"{name}: {sample.title}")
    for name in sorted(path.stem for path in samples.FOLDER.glob("*.toml"))
    for sample in samples.read(name)
    if name in DIALECTS
]


def told(heard: Heard) -> dict[str, object]:
    """What was heard, in the words of a sample."""
    if isinstance(heard, Inquiry):
        return {"kind": "inquiry", "session_id": heard.session_id}
    known: dict[str, object] = {"session_id": heard.session_id, "caller": heard.caller.e164}
    if isinstance(heard, Hangup):
        return known | {"kind": "hangup", "how": str(heard.how)}
    return known | {
        "kind": "turn",
        "dialled": heard.dialled,
        "inputs": list(heard.inputs),
        "opens": heard.opens,
        "hop": heard.hop,
    }


def written(answer: Answer) -> dict[str, object]:
    return {
        "body": answer.body.decode(),
        "content_type": answer.content_type,
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "status": int(answer.status),
    }


def expected(sample: Sample) -> dict[str, object]:
    if sample.kind != "turn":
        return dict(sample.heard)
    return {"dialled": "", "inputs": [], "opens": False, "hop": "", **sample.heard}


def answered(dialect: Dialect, heard: Heard, sample: Sample) -> Answer | None:
    if not isinstance(heard, Turn):
        return dialect.acknowledge(heard)
    return dialect.encode(Shown(**sample.shown), heard) if sample.shown else None


def test_every_dialect_has_a_gateway_and_samples() -> None:
    documented = {path.stem for path in samples.FOLDER.glob("*.toml")}
    assert DIALECTS.keys() == GATEWAYS.keys() == documented


def test_a_dialect_is_one_small_file_that_opens_with_its_source(dialect: str) -> None:
    path = Path(inspect.getfile(type(DIALECTS[dialect])))
    assert len(path.read_text("utf-8").splitlines()) <= LINES_MAX
    module = inspect.getmodule(type(DIALECTS[dialect]))
    assert module is not None
    assert "Hop identity" in (module.__doc__ or "")


@pytest.mark.parametrize(("name", "sample"), EVERY)
def test_what_is_documented_is_heard_and_answered(name: str, sample: Sample) -> None:
    dialect = DIALECTS[name]
    answer: Answer | None
    if sample.kind == "refused":
        with pytest.raises(BadTurnError) as refused:
            hear(dialect, sample.call)
        assert {"status": int(refused.value.status)} == sample.heard
        answer = dialect.refuse(refused.value)
    else:
        heard = hear(dialect, sample.call)
        assert told(heard) == {"kind": sample.kind, **expected(sample)}
        answer = answered(dialect, heard, sample)
    if sample.answer:
        assert answer is not None
        given = written(answer)
        assert {name: given[name] for name in sample.answer} == sample.answer


def test_the_samples_show_all_there_is(dialect: str) -> None:
    shown = samples.read(dialect)
    assert len({sample.title for sample in shown}) == len(shown)
    assert any(sample.opens for sample in shown)
    assert any(sample.kind == "turn" and not sample.opens for sample in shown)
    assert any(sample.kind == "refused" for sample in shown)
    ways = [sample.shown.get("ends") for sample in shown if sample.shown and sample.answer]
    assert {True, False} <= set(ways)
    if carries_deep_dials(dialect):
        assert any(sample.opens and BILL in str(sample.heard) for sample in shown)


@pytest.mark.parametrize("how", How)
def test_an_end_its_gateway_tells_is_heard_and_documented(dialect: str, how: How) -> None:
    gateway, session = GATEWAYS[dialect], Session(NUMBER, "session-1")
    speak(dialect, gateway.open(session), session)
    call = gateway.hang_up(session, how)
    if call is None:
        return
    heard = hear(DIALECTS[dialect], call)
    assert isinstance(heard, Hangup)
    assert told(heard) == {
        "kind": "hangup",
        "session_id": "session-1",
        "caller": NUMBER,
        "how": str(how),
    }
    shown = [sample.heard for sample in samples.read(dialect) if sample.kind == "hangup"]
    assert how is How.CLEAN or str(how) in {end["how"] for end in shown}


def test_its_gateway_says_what_it_hears(dialect: str) -> None:
    gateway, session = GATEWAYS[dialect], Session(NUMBER, "session-1")
    opening = speak(dialect, gateway.open(session), session)
    assert (opening.session_id, opening.caller.e164) == ("session-1", NUMBER)
    assert (opening.dialled, opening.inputs, opening.opens) == ("*789#", (), True)
    hops = [opening.hop]
    for key in ("1", BILL):
        session.typed.append(key)
        turn = speak(dialect, gateway.answer(session), session)
        everything = DIALECTS[dialect].identity is Identity.POSITION
        assert turn.inputs == tuple(session.typed if everything else (key,))
        assert (turn.session_id, turn.caller.e164, turn.opens) == ("session-1", NUMBER, False)
        hops.append(turn.hop)
    match DIALECTS[dialect].identity:
        case Identity.COUNT:
            assert hops == ["0", "1", "2"]
        case Identity.ID:
            assert len(set(hops)) == len(hops)
        case Identity.POSITION | Identity.NONE:
            assert set(hops) == {""}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ends", [False, True])
def test_its_gateway_shows_what_was_meant(dialect: str, text: str, *, ends: bool) -> None:
    gateway, session = GATEWAYS[dialect], Session(NUMBER, "session-1")
    turn = hear_turn(DIALECTS[dialect], gateway.open(session))
    options = 0 if ends else sum(line[:1].isdigit() for line in text.split("\n"))
    answer = DIALECTS[dialect].encode(Shown(text, ends, options, step=1), turn)
    screen = gateway.read(session, reply(answer))
    assert (screen.text, screen.ends) == (text, ends)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "text/html"])
def test_its_gateway_drops_what_is_no_screen(dialect: str, content_type: str) -> None:
    for body in NO_SCREENS:
        told = Reply(200, {"content-type": content_type}, body)
        with pytest.raises(UnreadableError):
            GATEWAYS[dialect].read(Session(NUMBER, "session-1"), told)


def speak(name: str, call: Call, session: Session) -> Turn:
    """Let a gateway ask and be answered, so that it knows what to bring back."""
    turn = hear_turn(DIALECTS[name], call)
    step = int(turn.hop) + 1 if turn.hop.isdigit() else 1
    answer = DIALECTS[name].encode(Shown(SCREEN, ends=False, options=2, step=step), turn)
    assert GATEWAYS[name].read(session, reply(answer)).text == SCREEN
    return turn
