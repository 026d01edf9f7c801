"""The simulated centre as a process, and what a test does there: dial, type, read, break."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from tests.integration.simulators.harness import free_port, running, wait_for

NUMBER = "22376000001"


@dataclass(frozen=True)
class Centre:
    """The doors of a centre, and the port of its links."""

    url: str
    port: int

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return requests.get(f"{self.url}{path}", timeout=5).json()

    def post(self, path: str, **document: object) -> None:
        reply = requests.post(f"{self.url}{path}", json=document, timeout=5)
        assert reply.ok, reply.text

    def expect(self, *faults: str) -> None:
        """Let these befall the next messages."""
        self.post("/sandbox/faults", next=faults)

    def drop(self) -> None:
        """Cut every link."""
        self.post("/sandbox/faults", drop=True)

    def bound(self) -> int:
        count: int = self.get("/links")["bound"]
        return count

    def submits(self) -> int:
        count: int = self.get("/links")["submits"]
        return count

    def texts(self, number: str = NUMBER) -> list[str]:
        """The SMS that a handset has got."""
        return [message["text"] for message in self.get(f"/outbox?to={number}")]


class Handset:
    """A handset of the centre's."""

    def __init__(self, centre: Centre, number: str = NUMBER) -> None:
        self._centre = centre
        self._path = f"/handsets/{number}"
        self.number = number

    def dial(self, code: str) -> str:
        """Begin a session; return the screen."""
        return self._after("dial", code=code)

    def type(self, text: str) -> str:
        """Answer the screen; return the next one."""
        return self._after("type", text=text)

    def press(self, text: str) -> None:
        """Answer the screen, and wait for nothing."""
        self._centre.post(f"{self._path}/type", text=text)

    def write(self, text: str, to: str = "789") -> None:
        """Send an SMS."""
        self._centre.post(f"{self._path}/sms", to=to, text=text)

    def hang_up(self) -> None:
        self._centre.post(f"{self._path}/hang_up")

    @property
    def screens(self) -> list[str]:
        """Every screen it was shown, oldest first."""
        shown: list[str] = self._centre.get(self._path)["screens"]
        return shown

    @property
    def is_open(self) -> bool:
        return bool(self._centre.get(self._path)["open"])

    def wait(self) -> str:
        """Wait for the screen that is owed; return it."""
        wait_for(lambda: not self._centre.get(self._path)["awaits"])
        return self.screens[-1]

    def _after(self, deed: str, **document: str) -> str:
        self._centre.post(f"{self._path}/{deed}", **document)
        return self.wait()


@contextmanager
def open_centre(**environment: str) -> Iterator[Centre]:
    """Run a centre until the block ends."""
    port = free_port()
    told = {"SIM_SMSC_LINKS_PORT": str(port), **environment}
    with running("simulators.smsc", "SIM_SMSC_PORT", **told) as process:
        yield Centre(process.url, port)
