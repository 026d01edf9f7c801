import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from sandbox.home import SandboxError

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    web: int
    orange: int
    sms: int
    others: Mapping[str, int] = field(default_factory=dict)  # operators, by code


def choose_ports(web: int, others: Sequence[str] = ()) -> Ports:
    """Take the wanted port for the web (0: any) and free ones for the simulators.

    Raises SandboxError when the wanted port is taken. They are free only at the moment of asking:
    whoever comes between makes a child end, which is noticed.
    """
    with ExitStack() as open_together:  # so that all are different
        try:
            sockets = [
                open_together.enter_context(socket.create_server((HOST, port)))
                for port in (web, 0, 0, *(0 for _ in others))
            ]
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise SandboxError(
                f"port {web} cannot be used ({reason}): choose another, as in `make run PORT=9000`"
            ) from error
        own, orange, sms, *more = (each.getsockname()[1] for each in sockets)
        return Ports(own, orange, sms, dict(zip(others, more, strict=True)))


def answers(port: int) -> bool:
    """Tell whether somebody listens on this port of ours."""
    try:
        socket.create_connection((HOST, port), timeout=1.0).close()
    except OSError:
        return False
    return True
