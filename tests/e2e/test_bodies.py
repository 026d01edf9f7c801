"""Bodies as only a raw socket sends them, through the real server: whole, or no callback."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from sandbox.world import World
from tests.e2e.audit import Audit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

DOOR = f"/callbacks/orange_mp/{'0' * 32}"
LARGE = 16_385  # bytes: one more than a door takes
WAIT = 10.0  # seconds


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("bodies") / "home") as world:
        yield world


def post(world: World, headers: str, body: bytes, *, cut: bool = False) -> str:
    """Send a callback and return the status of the answer; `cut`: hang up at its end."""
    url = urlsplit(world.base_url)
    head = f"POST {DOOR} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n{headers}\r\n\r\n"
    with socket.create_connection((str(url.hostname), int(url.port or 0)), WAIT) as line:
        line.sendall(head.encode() + body)
        if cut:
            line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").readline()
    return answer.decode().removeprefix("HTTP/1.1 ").partition(" ")[0]


def pieces(body: bytes) -> bytes:
    """A body in chunks of a thousand bytes."""
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def kept(world: World) -> list[int]:
    found = Audit(world).rows("SELECT length(body) AS size FROM callbacks ORDER BY callback_id")
    return [row["size"] for row in found]


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("headers", "body", "status", "size"),
    [
        ("Content-Length: 4", b"paid", "202", 4),
        ("Content-Length: 16384", b"x" * (LARGE - 1), "202", LARGE - 1),
        ("Content-Length: 16385", b"x" * LARGE, "413", None),
        ("Content-Length: 99999999999", b"x", "413", None),
        (CHUNKED, pieces(b"x" * 2500), "202", 2500),
        (CHUNKED, pieces(b"x" * LARGE), "413", None),
        (CHUNKED, pieces(b"x" * 200_000), "413", None),
        ("Content-Length: 3\r\nContent-Length: 4", b"paid", "400", None),
        ("Content-Length: -1", b"paid", "400", None),
    ],
)
def test_a_body_is_kept_whole_or_not_at_all(
    world: World, headers: str, body: bytes, *, status: str, size: int | None
) -> None:
    before = kept(world)
    assert post(world, headers, body) == status
    assert kept(world) == [*before, *([] if size is None else [size])]


def test_a_body_that_the_network_cuts_is_not_kept(world: World) -> None:
    before = kept(world)
    assert post(world, "Content-Length: 40", b"paid", cut=True) in {"", "400"}
    assert post(world, "Content-Length: 5", b"whole") == "202"
    assert kept(world) == [*before, 5]
