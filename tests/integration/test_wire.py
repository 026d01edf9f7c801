"""The way of a load to the server, over connections that are kept as long as the server likes."""

import asyncio

from homologation.gateways.base import Call, Reply
from homologation.wire import Wire

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
TURNS = 3


async def _ask(heard: list[bytes]) -> list[Reply]:
    closed = asyncio.Semaphore(0)

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ANSWER)
        writer.close()
        await writer.wait_closed()
        closed.release()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        wire = Wire(f"http://127.0.0.1:{port}/ussd/x", connections=1, patience_s=5.0)
        replies = []
        for _ in range(TURNS):
            replies.append(await wire(Call(path="/a b")))
            await closed.acquire()
            for _ in range(TURNS):  # let the loop hear of it
                await asyncio.sleep(0)
        await wire.close()
    return replies


def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    heard: list[bytes] = []
    replies = asyncio.run(_ask(heard))
    assert [reply.body for reply in replies] == [b"ok"] * TURNS
    assert heard[0].startswith(b"POST /ussd/x/a%20b HTTP/1.1\r\n")
