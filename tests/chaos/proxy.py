"""A TCP proxy that can be told, while it runs, how to fail.

It listens on a port of its own and passes everything on to a port or a unix socket.

    with event_loop() as loop:
        proxy = Proxy(loop, 5432)
        proxy.hurt(Fault.RESET)    # proxy.port now resets whoever speaks
        proxy.heal()
        proxy.close()
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.chaos.conversation import Conversation, Fault, Trouble

HOST = "127.0.0.1"
_CALL_TIMEOUT = 10.0  # seconds
_CLOSE_WITH_RST = struct.pack("ii", 1, 0)  # SO_LINGER, for no time at all


@contextmanager
def event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Proxy:
    def __init__(
        self, loop: asyncio.AbstractEventLoop, target: int | Path, *, every: int = 1
    ) -> None:
        """Stand before a port of ours or a unix socket; `every`: see Trouble."""
        self._loop = loop
        self._target = target
        self._trouble = Trouble(every)
        self._serving: set[asyncio.Task[None]] = set()
        with socket.create_server((HOST, 0)) as free:
            self.port: int = free.getsockname()[1]
        # Bound by number: a port that the kernel chose is lost when listening ends.
        self._ear = socket.create_server((HOST, self.port), backlog=128)
        self._ear.settimeout(0.0)
        self._listening = False
        self._call(self._listen())

    @property
    def hits(self) -> int:
        """How often the fault of the moment, or the last one, has struck."""
        return self._trouble.hits

    def hurt(self, fault: Fault) -> None:
        self._call(self._change(fault))

    def heal(self) -> None:
        self._call(self._change(None))

    def close(self) -> None:
        self._call(self._stop_listening())
        self._ear.close()

    def _call(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(_CALL_TIMEOUT)

    async def _change(self, fault: Fault | None) -> None:
        self._trouble.begins(fault)
        if fault is Fault.REFUSED:
            await self._stop_listening()
        elif not self._listening:
            self._ear.listen()
            await self._listen()

    async def _listen(self) -> None:
        self._loop.add_reader(self._ear, self._accept)
        self._listening = True

    async def _stop_listening(self) -> None:
        """Keep the port but not the ear: closed, somebody else could be given it meanwhile."""
        if self._listening:
            self._loop.remove_reader(self._ear)
            self._ear.shutdown(socket.SHUT_RDWR)
            self._listening = False
        await asyncio.sleep(0)  # who was accepted is served: nobody else would close it
        tasks = list(self._serving)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self) -> None:
        # Not a task: one that is cancelled when somebody has just called would forget to close.
        with suppress(BlockingIOError):
            caller, _ = self._ear.accept()
            task = self._loop.create_task(self._serve(caller))
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)

    async def _serve(self, caller: socket.socket) -> None:
        ends = [await asyncio.open_connection(sock=caller)]
        end = _reset
        try:
            if isinstance(self._target, Path):
                ends.append(await asyncio.open_unix_connection(self._target))
            else:
                ends.append(await asyncio.open_connection(HOST, self._target))
            (ears, mouth), (far_ears, far_mouth) = ends
            both = Conversation(self._trouble)
            await asyncio.gather(
                both.pass_on(ears, far_mouth, asks=True), both.pass_on(far_ears, mouth, asks=False)
            )
            end = _close
        except EOFError:
            end = _close
        except OSError:  # reset by an end, or by the fault: so are both
            return
        finally:
            for _, writer in ends:
                end(writer)


def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, where there is one: of two unix sockets the other just sees an end."""
    connection = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CLOSE_WITH_RST)
    writer.transport.abort()
