"""Texts of ours over a link: in as many messages as they take, and told as one."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import structlog

from smpp import segments
from smpp.pdu import Address, PduError, Status
from smpp.terms import Answered
from sms.gateway import Refused, Result, Sent, Unknown
from ussd_app.links.session import Session
from ussd_app.store.dispatch import Dispatch, Wish
from ussd_app.store.redis import Unreachable

# What is wrong with this number or text for ever. The rest passes, the account's troubles included.
_FOR_EVER = frozenset({Status.DESTINATION, Status.MESSAGE_LENGTH})
_SENDERS = 8  # texts at a time
_PAUSE_S = 0.3  # until a link, or Redis, is looked for again
_log = structlog.get_logger(__name__)


class Sender:
    """Sends texts over a session, as `source`. `number` begins anywhere: see `segments.split`."""

    def __init__(self, session: Session, source: Address, number: int = 0) -> None:
        self._session = session
        self._source = source
        self._numbers = itertools.count(number)

    def send(self, to: str, text: str) -> Result:
        """Send a text to a number, and wait for what becomes of it."""
        try:
            parts = segments.write(self._source, to, text, next(self._numbers))
            futures = [self._session.submit(part) for part in parts]
        except PduError as error:
            return Refused(str(error))
        return _together([future.result() for future in futures])


def serve(
    dispatch: Dispatch,
    session: Session,
    sender: Sender,
    stopped: threading.Event,
) -> None:
    """Send what workers wish for, until stopped; while the link is down, take up nothing."""
    with ThreadPoolExecutor(_SENDERS, "smpp-sender") as pool:
        room = threading.Semaphore(_SENDERS)

        def do(wish: Wish) -> None:
            try:
                dispatch.tell(wish, sender.send(wish.to, wish.text))
            except Unreachable:  # the worker will hear nothing, and not know
                _log.error("smpp_result_lost")
            finally:
                room.release()

        while not stopped.is_set():
            try:
                if not session.is_bound:
                    stopped.wait(_PAUSE_S)
                    continue
                dispatch.hold()
                if not room.acquire(timeout=1.0):
                    continue
                wish = None
                try:
                    wish = dispatch.next()
                finally:
                    if wish is None:
                        room.release()
                if wish is not None:
                    pool.submit(do, wish)
            except Unreachable:
                stopped.wait(_PAUSE_S)


def _together(answers: list[Answered]) -> Result:
    """A text has arrived when its last part has, which is the one a receipt is asked for."""
    bad = [answer for answer in answers if answer.status != Status.OK]
    if not bad:
        return Sent(answers[-1].message_id, segments=len(answers))
    for answer in bad:
        if answer.status in _FOR_EVER:
            return Refused(f"status {answer.status:#x}")
    left = len(bad) < len(answers) or any(answer.status is None and answer.left for answer in bad)
    status = bad[0].status
    return Unknown("no answer" if status is None else f"status {status:#x}", left=left)
