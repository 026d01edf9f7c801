"""A citizen's telephone, and the gateway that carries its turns to our door.

The gateway is Africa's Talking: the text holds everything typed in the session, joined by `*`.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count
from threading import Barrier
from typing import Self
from urllib.parse import urlencode

from flask import Flask
from redis import Redis
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.integration.web.words import words
from ussd_app.store.tables import metadata
from ussd_app.usecases.context import Context

CODE = "*789#"
USSD = "/ussd/africastalking"
EVENTS = f"{USSD}/events"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"
SESSIONS = count(1)


class Door:
    """The application's HTTP doors, knocked on one request at a time or by many at once."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @property
    def context(self) -> Context:
        """The adapters the application works with now."""
        context: Context = self._app.extensions["sarali"]
        return context

    def give(self, context: Context) -> Self:
        """Let the application work with other adapters."""
        self._app.extensions["sarali"] = context
        return self

    def post(self, path: str, body: bytes, content_type: str | None = FORM) -> TestResponse:
        client = self._app.test_client()
        return client.post(path, data=body, content_type=content_type, buffered=True)

    def stream(self, path: str, body: bytes, announced: int | None = None) -> int:
        """Post a body as a server hands it over that alone knows where it ends."""
        length = "" if announced is None else str(announced)
        server = {"wsgi.input_terminated": True, "CONTENT_LENGTH": length}
        client = self._app.test_client()
        answer = client.post(path, input_stream=BytesIO(body), environ_overrides=server)
        return answer.status_code

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        address: str = "192.0.2.1",
        body: bytes = b"",
    ) -> TestResponse:
        """Send any request, as from a network address."""
        remote = {"REMOTE_ADDR": address}
        return self._app.test_client().open(
            path,
            method=method,
            headers=headers,
            data=body,
            environ_overrides=remote,
            buffered=True,
        )

    def turn(self, number: str, session_id: str, typed: str, dialled: str = CODE) -> str:
        """Send one turn; return `CON ...` or `END ...`, as the gateway receives it."""
        answer = self.post(USSD, form(number, session_id, typed, dialled))
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        return answer.get_data(as_text=True)

    def fine(self, **wish: str) -> str:
        """Record a demonstration fine; return its bill number."""
        client = self._app.test_client()
        answer = client.post("/sandbox/fines", json=wish)
        assert answer.status_code == 201
        assert answer.json is not None
        number: str = answer.json["bill_number"]
        return number

    def figure(self, name: str, **labels: str) -> float:
        """Return the sum of the figures of /metrics that have these labels."""
        wanted = {f'{label}="{value}"' for label, value in labels.items()}
        total = 0.0
        for line in self.request("GET", "/metrics").get_data(as_text=True).splitlines():
            told, _, value = line.rpartition(" ")
            found, _, about = told.removesuffix("}").partition("{")
            if found == name and wanted <= set(about.split(",")):
                total += float(value)
        return total


def form(number: str, session_id: str, typed: str, dialled: str = CODE) -> bytes:
    """The body of one turn."""
    fields = {
        "sessionId": session_id,
        "phoneNumber": number,
        "networkCode": "61001",
        "serviceCode": dialled,
        "text": typed,
    }
    return urlencode(fields).encode()


def farewell(number: str, session_id: str, status: str) -> bytes:
    """The body of a gateway's notification that a session is over."""
    fields = {
        "sessionId": session_id,
        "phoneNumber": number,
        "networkCode": "61001",
        "serviceCode": CODE,
        "status": status,
    }
    return urlencode(fields).encode()


class Phone:
    """A telephone in a session. `screen` is what it shows, `typed` what the gateway has sent."""

    def __init__(self, door: Door, number: str) -> None:
        self.number = number
        self.screen = ""
        self.typed = ""
        self.session_id = ""
        self.dialled = CODE
        self._door = door

    def dial(self, dialled: str = CODE, typed: str = "", session_id: str = "") -> str:
        """Start a session."""
        self.dialled, self.typed = dialled, typed
        self.session_id = session_id or f"session {next(SESSIONS)}"
        return self.again()

    def type(self, *answers: str) -> str:
        """Type one answer after the other; return the last screen."""
        for answer in answers:
            self.typed = f"{self.typed}*{answer}" if self.typed else answer
            self.again()
        return self.screen

    def again(self) -> str:
        """Send the same turn, as a gateway does that heard no answer."""
        self.screen = self._door.turn(self.number, self.session_id, self.typed, self.dialled)
        return self.screen

    def hang_up(self, status: str = "Incomplete") -> int:
        """Let the gateway say that the session is over; return what it is answered."""
        body = farewell(self.number, self.session_id, status)
        return self._door.post(EVENTS, body).status_code

    def show(self, bill_number: str) -> str:
        """Dial straight to the confirmation of a bill."""
        return self.dial(f"*789*1*{bill_number}#")

    def pay(self, bill_number: str) -> str:
        """Dial a bill and confirm it."""
        self.show(bill_number)
        return self.type("1")

    def choose(self, label: str) -> str:
        """Type the key of the option that says `label`."""
        keys = (line.partition(" ") for line in self.screen.removeprefix("CON ").splitlines())
        return self.type(next(key for key, _, words in keys if words == label))

    def ask_another(self, bill_number: str, payer: str) -> str:
        """Dial a bill and have another number pay it."""
        self.show(bill_number)
        self.choose(words("option.other_way"))
        if words("title.wallet") in self.screen:
            self.choose("Orange Money")
        self.choose(words("option.other_phone"))
        return self.type(payer, "1")


def at_once(deeds: Sequence[Callable[[], str]]) -> list[str]:
    """Do everything at the same moment; return what each returned."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], str]) -> str:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def everything(context: Context) -> dict[str, list[str]]:
    """Every row of every table and every key of Redis, to be compared before and after."""
    with context.db.begin() as tx:
        found = {
            name: sorted(str(row) for row in tx.execute(text(f"SELECT * FROM {name}")))  # noqa: S608  # our own names
            for name in metadata.tables
        }
    found["redis"] = keys(context.redis.client)
    return found


def keys(redis: Redis, pattern: str = "*") -> list[str]:
    """The keys of Redis that look like `pattern`."""
    found = redis.scan_iter(match=pattern)
    return sorted(key.decode() if isinstance(key, bytes) else key for key in found)


def rows(context: Context, table: str) -> int:
    """How many rows a table has."""
    with context.db.begin() as tx:
        counted: int = tx.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608  # our own names
    return counted
