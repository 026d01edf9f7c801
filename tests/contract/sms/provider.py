"""A provider that answers what it is told, for what the simulated one never answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Received:
    """One request: its path, its headers by lower-case name, its form."""

    path: str
    headers: dict[str, str]
    form: dict[str, list[str]]


@dataclass(slots=True)
class Provider:
    """Answers every POST alike. `status` 0 closes the connection without a word."""

    url: str
    status: int = 201
    content_type: str = "application/json"
    body: bytes = b""
    received: list[Received] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            headers = {name.lower(): value for name, value in self.headers.items()}
            provider.received.append(Received(self.path, headers, form))
            if provider.status:
                self.send_response(provider.status)
                self.send_header("Content-Type", provider.content_type)
                self.send_header("Content-Length", str(len(provider.body)))
                self.end_headers()
                self.wfile.write(provider.body)
            else:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
