"""The homologation, played over HTTP to a running server: what is sound passes, what is not fails.

The report is what an operator's engineer signs: it shows every exchange, and no secret.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from homologation.report import MASK
from tests.integration.web.citizen import Door
from ussd_app.aggregators.guard import Guard, Signature
from ussd_app.cli.homologation import conformance

Environ = dict[str, Any]
Start = Any
Fault = Callable[[Response], None]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]
SESSIONS = 13
POLL = 0.02  # seconds
ANEW = count()
MODEL = "africastalking"


@contextmanager
def serving(application: Wsgi) -> Iterator[str]:
    """Serve on a free port; give the address."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[POLL])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def play(base_url: str, dialect: str, report: Path, *options: str) -> Result:
    address = f"{base_url}/ussd/{dialect}"
    return CliRunner().invoke(
        conformance, [address, "--dialect", dialect, "--report", str(report), *options]
    )


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.html"


def test_every_dialect_passes(app: Flask, dialect: str, report: Path) -> None:
    bill = Door(app).fine()
    with serving(app) as base_url:
        played = play(base_url, dialect, report, "--bill", bill)
    assert played.exit_code == 0, played.output
    assert played.output.count("ok ") == SESSIONS
    page = report.read_text("utf-8")
    assert "NON CONFORME" not in page
    assert bill in page


def test_the_report_hides_what_proves_a_gateway(app: Flask, report: Path) -> None:
    secret, key = "chemin-secret-de-la-passerelle", "cle-partagee-de-la-passerelle"
    door = Door(app)
    channel = replace(door.context.channels[MODEL], secret=secret)
    door.give(replace(door.context, channel=channel, channels={MODEL: channel}))
    options = ["--header", f"X-Api-Key: {key}", "--report", str(report), "--dialect", MODEL]
    with serving(app) as base_url:
        address = f"{base_url}/ussd/{MODEL}/{secret}"
        played = CliRunner().invoke(conformance, [address, *options])
        assert played.exit_code == 0, played.output
        page = report.read_text("utf-8")
        elsewhere = CliRunner().invoke(conformance, [f"{base_url}/ussd/{MODEL}/x", *options])
        assert elsewhere.exit_code == 1
    assert MASK in page
    assert secret not in page + played.output
    assert key not in page + played.output


def test_the_report_is_one_page_to_print_and_sign(app: Flask, report: Path) -> None:
    with serving(app) as base_url:
        play(base_url, MODEL, report)
    page = report.read_text("utf-8")
    ET.fromstring(page.removeprefix("<!doctype html>"))  # noqa: S314  # our own
    for words in ("CONFORME", "Signature", "Pour l'opérateur", "Répétitions", "text=1%2A00"):
        assert words in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "<b>&amp;</b>" not in page  # typed by the script, and shown as it was typed


@pytest.mark.parametrize("key", ["key-of-the-gateway", "another"])
def test_a_gateway_that_signs_is_let_in(app: Flask, report: Path, key: str) -> None:
    door = Door(app)
    guard = Guard(signature=Signature("x-signature", "x-timestamp", (b"key-of-the-gateway",)))
    channel = replace(door.context.channels["orange"], guard=guard)
    door.give(replace(door.context, channel=channel, channels={"orange": channel}))
    with serving(app) as base_url:
        sign = ("--sign", "X-Signature", "X-Timestamp", "--key", key)
        played = play(base_url, "orange", report, *sign)
    assert played.exit_code == (0 if key == "key-of-the-gateway" else 1), played.output


def stale(response: Response) -> None:
    """Each request is answered anew."""
    response.data += str(next(ANEW) % 10).encode()


def long_winded(response: Response) -> None:
    """No telephone holds the screens."""
    response.data += b"x" * 182


def foreign(response: Response) -> None:
    """The screens are not in the letters of the network."""
    response.data += "ɛ".encode()


def credulous(response: Response) -> None:
    """Anything is taken for a request."""
    response.status_code = 200


def fragile(response: Response) -> None:
    """What cannot be read breaks it."""
    response.status_code = response.status_code if response.status_code < 400 else 500


def endless(response: Response) -> None:
    """No session is ever closed."""
    response.data = response.data.replace(b"END ", b"CON ")


def dumb(response: Response) -> None:
    """There is nothing behind it."""
    response.status_code, response.data = 200, b"It works!"


FAULTS: dict[Fault, str] = {
    stale: "La requête répétée reçoit les mêmes octets",
    long_winded: "Chaque écran a un texte, en GSM-7",
    foreign: "Chaque écran a un texte, en GSM-7",
    credulous: "Refusé : JSON imbriqué",
    fragile: "Refusé : corps vide",
    endless: "Le dernier écran ferme la session",
    dumb: "La passerelle sait lire la réponse",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_broken_door_fails(app: Flask, report: Path, fault: Fault) -> None:
    def broken(environ: Environ, start: Start) -> Iterable[bytes]:
        response = Response.from_app(app, environ, buffered=True)
        fault(response)
        return response(environ, start)

    with serving(broken) as base_url:
        played = play(base_url, MODEL, report)
    assert played.exit_code == 1
    assert FAULTS[fault] in played.output
    assert "NON CONFORME" in report.read_text("utf-8")


def test_a_door_that_forgets_fails(app: Flask, report: Path) -> None:
    def forget(environ: Environ, start: Start) -> Iterable[bytes]:
        Door(app).context.redis.client.flushall()
        return app(environ, start)

    with serving(forget) as base_url:
        played = play(base_url, "generic", report)
    assert played.exit_code == 1
    assert "La première touche mène à un autre écran" in played.output


def test_a_server_that_is_not_there_fails(app: Flask, report: Path) -> None:
    with serving(app) as base_url:
        pass
    played = play(base_url, MODEL, report)
    assert played.exit_code == 1
    assert "Une réponse arrive (" in played.output


def test_an_answer_that_comes_too_late_fails(app: Flask, report: Path) -> None:
    with serving(app) as base_url:
        played = play(base_url, MODEL, report, "--deadline", "0.0000001")
    assert played.exit_code == 1
    assert "Une réponse arrive (" in played.output
