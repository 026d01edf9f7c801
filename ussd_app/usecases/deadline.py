"""Waiting for something no longer than the citizen's gateway waits for us."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TypeVar

_Result = TypeVar("_Result")
_THREADS = 16


class TooSlowError(RuntimeError):
    """It was not done in time; it may be done yet."""


class Deadline:
    """Runs deeds aside, so that one which hangs (a frozen database) holds up nobody's screen."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="aside")

    def run(self, deed: Callable[[], _Result]) -> _Result:
        """Return what `deed` returns, or raise what it raises.

        Raises:
            TooSlowError: it is not done after the seconds given.
        """
        future = self._threads.submit(deed)
        try:
            return future.result(self._seconds)
        except FutureTimeoutError:
            future.cancel()
            raise TooSlowError from None
