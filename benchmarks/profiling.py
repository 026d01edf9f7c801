"""Where the processor time of a turn goes: samples of the stack, in the process that answers.

A sample is counted for the innermost part it stands in: a frame of the standard library belongs to
whoever called it. While the turn waits for another thread of ours, the sample is that thread's.
The timer runs on processor time, so waiting for Redis and PostgreSQL themselves is not counted.

Run as `python -m benchmarks.profiling <fine> <receipt> <subscribers> <seconds>`, in the world's
environment.
"""

import importlib
import io
import itertools
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Self

from benchmarks.load import WrongAnswerError, requests
from benchmarks.mix import sessions

INTERVAL = 0.001  # seconds of processor time; the kernel may round it up to 4 ms
HOT = 15  # functions of ours to show
ROOT = str(Path(__file__).parents[1]) + "/"

# Innermost first: the first part whose mark is in the frame's file.
PARTS = {
    "Redis client": ("/redis/", "/hiredis/"),
    "PostgreSQL client": ("/sqlalchemy/", "/psycopg", "ussd_app/store/database"),
    "Flask and Werkzeug": ("/flask/", "/werkzeug/", "ussd_app/web/", "ussd_app/app.py"),
    "metrics": ("/prometheus_client/", "ussd_app/metrics"),
    "decoding": ("ussd_app/aggregators/", "domain/msisdn", "/phonenumbers/"),
    "rendering": ("menus/render", "domain/gsm7", "ussd_app/translations"),
    "dialogue": ("/menus/", "domain/"),
    "handing over to another thread": ("usecases/deadline",),
    "use cases": ("ussd_app/usecases/",),
    "rest of the store": ("ussd_app/store/",),
    "the profiler itself": ("/benchmarks/",),
}
WAITING = "handing over to another thread"
Parts = Counter[str]


class Sampler:
    """Counts samples while it is on."""

    def __init__(self) -> None:
        self.parts: Parts = Counter()
        self.functions: Counter[str] = Counter()
        self._main = threading.main_thread().ident

    def __enter__(self) -> Self:
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0.0)

    def _sample(self, _signal: int, frame: FrameType | None) -> None:
        stack = list(_outwards(frame))
        part = _part(stack)
        if part == WAITING and (aside := self._aside()):
            part = _part(aside)
            stack += aside
        self.parts[part] += 1
        for function in {_name(each) for each in stack if _is_ours(each)}:
            self.functions[function] += 1

    def _aside(self) -> list[FrameType] | None:
        """The stack of the other thread that works on the turn."""
        for thread, frame in sys._current_frames().items():  # noqa: SLF001 - there is no public way
            stack = list(_outwards(frame))
            if thread != self._main and any(map(_is_ours, stack)):
                return stack
        return None


def main() -> None:
    fine, receipt, subscribers, seconds = sys.argv[1:]
    app = importlib.import_module("wsgi").app
    people = [requests(n, sessions(fine, receipt)) for n in range(int(subscribers))]
    turns = itertools.chain.from_iterable(zip(*people, strict=True))
    # The threads made meanwhile inherit this: the timer must wake the main one, where samples are
    # taken, and not whichever runs.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
    _play(app, turns, 1.0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGPROF])
    with Sampler() as sampler:
        count, cpu = _play(app, turns, float(seconds))
    _print(sampler, count, cpu)


def _play(app: Any, turns: Iterator[tuple[bytes, bytes]], seconds: float) -> tuple[int, float]:  # noqa: ANN401 - PEP 3333
    count, began, cpu = 0, time.monotonic(), time.process_time()
    while time.monotonic() < began + seconds:
        body, sees = next(turns)
        answer = b"".join(app(_environ(body), lambda _status, _headers: None))
        if sees not in answer:
            raise WrongAnswerError(f"{sees!r} is not in {answer[:200]!r}")
        count += 1
    return count, time.process_time() - cpu


def _environ(body: bytes) -> dict[str, object]:
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/ussd/africastalking",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _print(sampler: Sampler, turns: int, cpu: float) -> None:
    total = sampler.parts.total()
    print(f"{turns} turns one after the other, {cpu / turns * 1000:.3f} ms of processor each\n")
    for part, samples in sampler.parts.most_common():
        print(f"{samples / total:6.1%}  {part}")
    print("\nOur functions, with all they call:")
    for function, samples in sampler.functions.most_common(HOT):
        print(f"{samples / total:6.1%}  {function}")


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _part(stack: list[FrameType]) -> str:
    for frame in stack:
        for part, marks in PARTS.items():
            if any(mark in frame.f_code.co_filename for mark in marks):
                return part
    return "the rest"


def _is_ours(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    ours = file.startswith(ROOT) and "site-packages" not in file
    return ours and "/benchmarks/" not in file


def _name(frame: FrameType) -> str:
    code = frame.f_code
    return f"{code.co_filename.removeprefix(ROOT)}:{code.co_firstlineno} {code.co_qualname}"


if __name__ == "__main__":
    main()
