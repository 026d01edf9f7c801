"""What a proxy does to a conversation: first that it can be trusted to do nothing else."""

import asyncio
import gc
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.chaos.conversation import Fault
from tests.chaos.proxy import HOST, Proxy, event_loop
from tests.e2e.audit import wait_for

PATIENCE = 0.5  # seconds: nothing comes
QUESTION, ANSWER, LEFT = b"2+2=?", b"2+2=4", b""


class Sage(socketserver.BaseRequestHandler):
    """Answers each question, and remembers what reached it, also that somebody left."""

    heard: list[bytes]

    def handle(self) -> None:
        while piece := self.request.recv(1024):
            self.heard.append(piece)
            if b"".join(self.heard).endswith(QUESTION):
                self.request.sendall(ANSWER)
        self.heard.append(LEFT)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with event_loop() as loop:
        yield loop


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[list[bytes]]:
    heard: list[bytes] = []
    handler = type("Handler", (Sage,), {"heard": heard})
    with Server(str(tmp_path / "sage"), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield heard
        server.shutdown()


@pytest.fixture
def proxy(loop: asyncio.AbstractEventLoop, heard: list[bytes], tmp_path: Path) -> Iterator[Proxy]:
    assert heard == []
    proxy = Proxy(loop, tmp_path / "sage")
    yield proxy
    proxy.close()


@pytest.fixture
def caller(proxy: Proxy) -> Iterator[socket.socket]:
    """Somebody who is being answered when the fault begins."""
    with call(proxy) as caller:
        assert ask(caller) == ANSWER
        yield caller


def call(proxy: Proxy) -> socket.socket:
    return socket.create_connection((HOST, proxy.port), timeout=PATIENCE)


def ask(caller: socket.socket) -> bytes:
    """Ask, and read until the answer is whole or the other end has closed."""
    caller.sendall(QUESTION)
    answer = b""
    while answer != ANSWER and (piece := caller.recv(1024)):
        answer += piece
    return answer


@pytest.mark.parametrize("fault", [Fault.LATENCY, Fault.SLICED])
def test_slow_answers_are_whole(proxy: Proxy, caller: socket.socket, fault: Fault) -> None:
    proxy.hurt(fault)
    caller.settimeout(None)
    assert ask(caller) == ANSWER
    assert proxy.hits > 0


def test_a_refusal_ends_what_was_open_and_the_port_comes_back(
    proxy: Proxy, caller: socket.socket
) -> None:
    proxy.hurt(Fault.REFUSED)
    with pytest.raises(ConnectionResetError):
        ask(caller)
    with pytest.raises(ConnectionRefusedError):
        call(proxy)
    proxy.heal()
    with call(proxy) as another:
        assert ask(another) == ANSWER


def test_a_reset_reaches_who_speaks(
    proxy: Proxy, caller: socket.socket, heard: list[bytes]
) -> None:
    proxy.hurt(Fault.RESET)
    with pytest.raises(ConnectionResetError):
        ask(caller)
    assert heard.count(QUESTION) == 1


def test_a_black_hole_never_answers_even_when_healed(
    proxy: Proxy, caller: socket.socket, heard: list[bytes]
) -> None:
    proxy.hurt(Fault.BLACK_HOLE)
    with pytest.raises(TimeoutError):
        ask(caller)
    proxy.heal()
    with pytest.raises(TimeoutError):
        ask(caller)
    assert heard.count(QUESTION) == 1


def test_a_black_hole_does_not_even_tell_that_somebody_left(
    proxy: Proxy, caller: socket.socket, heard: list[bytes]
) -> None:
    proxy.hurt(Fault.BLACK_HOLE)
    caller.close()
    with call(proxy) as another, pytest.raises(TimeoutError):
        ask(another)
    proxy.heal()
    with call(proxy) as another:
        assert ask(another) == ANSWER
        assert LEFT not in heard


def test_a_connection_becomes_half_open_in_the_middle_of_a_conversation(
    loop: asyncio.AbstractEventLoop, heard: list[bytes], tmp_path: Path
) -> None:
    proxy = Proxy(loop, tmp_path / "sage", every=2)
    proxy.hurt(Fault.HALF_OPEN)
    with call(proxy) as caller:
        assert ask(caller) == ANSWER
        with pytest.raises(TimeoutError):
            ask(caller)
        with call(proxy) as another:
            assert ask(another) == ANSWER
    assert heard.count(QUESTION) == 2
    proxy.close()


def test_what_was_stalled_arrives_when_healed(proxy: Proxy, caller: socket.socket) -> None:
    proxy.hurt(Fault.STALLED)
    with pytest.raises(TimeoutError):
        ask(caller)
    proxy.heal()
    caller.settimeout(None)
    assert caller.recv(1024) == ANSWER


def test_a_request_is_cut_in_the_middle(
    proxy: Proxy, caller: socket.socket, heard: list[bytes]
) -> None:
    proxy.hurt(Fault.CUT_REQUEST)
    assert ask(caller) == b""
    wait_for("what was sent", lambda: QUESTION[: len(QUESTION) // 2] in heard)


def test_an_answer_is_cut_in_the_middle(proxy: Proxy, caller: socket.socket) -> None:
    proxy.hurt(Fault.CUT_ANSWER)
    assert ask(caller) == ANSWER[: len(ANSWER) // 2]


def test_an_answer_is_lost_though_the_request_went_through(
    proxy: Proxy, caller: socket.socket, heard: list[bytes]
) -> None:
    proxy.hurt(Fault.LOST_ANSWER)
    assert ask(caller) == b""
    assert heard.count(QUESTION) == 2


def test_one_exchange_in_three_is_hit(
    loop: asyncio.AbstractEventLoop, heard: list[bytes], tmp_path: Path
) -> None:
    proxy = Proxy(loop, tmp_path / "sage", every=3)
    proxy.hurt(Fault.LOST_ANSWER)
    with call(proxy) as caller:
        assert [ask(caller) for _ in range(3)] == [ANSWER, ANSWER, b""]
    assert heard.count(QUESTION) == 3
    proxy.close()


def test_who_calls_while_it_closes_is_not_forgotten(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    """A forgotten connection warns when it is thrown away, which fails a test."""
    for _ in range(20):
        proxy = Proxy(loop, tmp_path / "nobody")
        crowd = threading.Thread(target=_ring_often, args=(proxy,))
        crowd.start()
        proxy.close()
        crowd.join()
    gc.collect()


def _ring_often(proxy: Proxy) -> None:
    for _ in range(20):
        with suppress(OSError):
            call(proxy).close()
