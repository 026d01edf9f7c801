"""Whether the `make` that started us is still there, and still wants us.

A signal meant for `make run` often reaches make alone. It passes SIGTERM on; SIGKILL it cannot; and
SIGINT it keeps, believing that the terminal sent it to everybody, and waits for us for ever. On
SIGINT GNU make puts the signal back to its default before waiting, and Linux shows that: `SigCgt`
in /proc/<pid>/status is the mask of the caught ones.
"""

import os
import signal
from pathlib import Path


class Parent:
    def __init__(self) -> None:
        self._pid = os.getppid()
        self._caught_interrupt = _catches_interrupt(self._pid)

    def present(self) -> bool:
        """Tell whether the parent neither ended nor was interrupted."""
        if os.getppid() != self._pid:
            return False
        return not self._caught_interrupt or _catches_interrupt(self._pid)


def _catches_interrupt(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:  # not Linux
        return False
    masks = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")]
    return any(int(mask, 16) >> (signal.SIGINT - 1) & 1 for mask in masks)
