"""What the tests of the simulators share: real processes, a doorbell, a merchant's client."""

import base64
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import requests

ROOT = Path(__file__).parents[3]
STARTS_WITHIN = 15.0

Json = dict[str, Any] | list[Any]


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running process, and where it answers."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def running(module: str, port_variable: str, **environment: str) -> Iterator[Simulator]:
    """Run `python -m module` on a free port until the block ends; fail if it wrote to stderr."""
    port = free_port()
    process = launch(module, **{port_variable: str(port)}, **environment)
    try:
        _wait_until_listening(process, port)
        yield Simulator(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=10)
    assert not complaints


def launch(module: str, **environment: str) -> subprocess.Popen[str]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("SARALI_")}
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={**inherited, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(holds: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait_until_listening(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


@dataclass(frozen=True, slots=True)
class Ring:
    """One request that came to the doorbell; `at` is monotonic seconds."""

    at: float
    path: str
    content_type: str
    body: bytes


@dataclass(slots=True)
class Doorbell:
    """Where callbacks and delivery reports arrive."""

    url: str
    rings: list[Ring] = field(default_factory=list)

    def at_path(self, path: str) -> list[Ring]:
        return [ring for ring in self.rings if ring.path == path]


@contextmanager
def doorbell() -> Iterator[Doorbell]:
    """Answer 200 to every POST on a free port, and remember it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            at = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bell.rings.append(Ring(at, self.path, self.headers["Content-Type"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        bell = Doorbell(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield bell
        finally:
            server.shutdown()
            thread.join()


class Merchant:
    """A client of the simulated operator with the sandbox's credentials."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy between us and 127.0.0.1
        self._http.headers["X-AUTH-TOKEN"] = base64.b64encode(b"sandbox:sandbox").decode()

    def __enter__(self) -> Self:
        reply = self._http.post(
            f"{self._url}/token",
            auth=("sandbox", "sandbox"),
            data={"grant_type": "client_credentials"},
            timeout=5,
        )
        self._http.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(
        self, method: str, path: str, body: Json | None = None, timeout: float = 5
    ) -> requests.Response:
        url = f"{self._url}/omcoreapis/1.0.2/mp/{path}"
        return self._http.request(method, url, json=body, timeout=timeout)

    def spoil(self, header: str) -> None:
        """Send a wrong value of `header` from now on."""
        self._http.headers[header] = f"{self._http.headers[header]!s}x"

    def init(self) -> str:
        token: str = self.call("POST", "init").json()["data"]["payToken"]
        return token

    def status(self, pay_token: str) -> dict[str, Any]:
        reply = self.call("GET", f"paymentstatus/{pay_token}")
        assert reply.status_code == 200
        data: dict[str, Any] = reply.json()["data"]
        return data

    def get(self, path: str) -> requests.Response:
        return self._http.get(f"{self._url}{path}", timeout=5)

    def post(self, path: str, body: Json) -> requests.Response:
        return self._http.post(f"{self._url}{path}", json=body, timeout=5)


def order(pay_token: str, subscriber: str, **changes: object) -> dict[str, Any]:
    """A valid body for pay, with `changes`; None takes a field away."""
    body: dict[str, Any] = {
        "orderId": "0123456789abcdef0123456789abcdef",
        "subscriberMsisdn": subscriber,
        "channelUserMsisdn": "70000000",
        "amount": "3000",
        "description": "4821937028",
        "notifUrl": "http://127.0.0.1:9/nobody",
        "pin": "0000",
        "payToken": pay_token,
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}
