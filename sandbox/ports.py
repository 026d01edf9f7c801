import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass

from sandbox.home import SandboxError

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    web: int
    orange: int
    sms: int


def choose_ports(web: int) -> Ports:
    """Take the wanted port for the web (0: any) and free ones for the simulators.

    Raises SandboxError when the wanted port is taken. They are free only at the moment of asking:
    whoever comes between makes a child end, which is noticed.
    """
    with ExitStack() as open_together:  # so that all are different
        try:
            sockets = [
                open_together.enter_context(socket.create_server((HOST, port)))
                for port in (web, 0, 0)
            ]
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise SandboxError(
                f"port {web} cannot be used ({reason}): choose another, as in `make run PORT=9000`"
            ) from error
        return Ports(*(each.getsockname()[1] for each in sockets))


def answers(port: int) -> bool:
    """Tell whether somebody listens on this port of ours."""
    try:
        socket.create_connection((HOST, port), timeout=1.0).close()
    except OSError:
        return False
    return True
