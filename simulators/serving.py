"""How a simulator runs: a quiet threaded server, a thread for what happens later, a quick end.

Werkzeug's server rather than a production one: it has a thread for each request, so twelve
seconds of deliberate silence block nobody, and it lets a fault close the connection unanswered.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"
_BACKLOG = 128
_TICK_SECONDS = 0.05


def port_named(variable: str) -> int:
    """Return the port in environment variable `variable`.

    Raises:
        SystemExit: with a line for the person who forgot or mistyped it.
    """
    text = os.environ.get(variable, "")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**16):
        sys.exit(f"{variable} must be a port number (1 to 65535), not {text!r}")
    return int(text)


def serve(app: Flask, port: int, tick: Callable[[], None]) -> NoReturn:
    """Serve `app` on 127.0.0.1 until SIGTERM or Ctrl-C, calling `tick` every 50 ms."""
    listener = _listen(port)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_keep_ticking, args=(tick,), daemon=True).start()
    make_server(
        HOST, port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno()
    ).serve_forever()
    sys.exit(0)


def close_unanswered() -> None:
    """Close the connection of the current request, so that the caller gets no answer at all."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing: request lines hold telephone numbers, and a polled API drowns the rest."""


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=_BACKLOG)
    except OSError as error:
        sys.exit(f"cannot listen: {error.strerror}")


def _leave(*_: object) -> NoReturn:
    sys.exit(0)  # request and ticking threads are daemons: nothing is waited for


def _keep_ticking(tick: Callable[[], None]) -> NoReturn:
    try:
        while True:
            tick()
            time.sleep(_TICK_SECONDS)
    finally:  # a world whose time has stopped must not look alive
        signal.raise_signal(signal.SIGTERM)
