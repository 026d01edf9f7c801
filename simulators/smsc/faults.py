"""What can befall the next message, each way."""

import threading
from collections import deque
from collections.abc import Iterable
from enum import StrEnum


class Fault(StrEnum):
    """What befalls the next submit_sm, or the next deliver_sm."""

    DROP_BEFORE = "drop_before"  # the link is closed; the message was not taken
    DROP_AFTER = "drop_after"  # the message is taken, the link closed without an answer
    SILENT = "silent"  # taken, and never answered
    DELAY = "delay"  # answered, but late
    THROTTLE = "throttle"
    FULL = "full"
    REFUSE = "refuse"  # there is no such number
    RECEIPT_TWICE = "receipt_twice"
    RECEIPT_LATE = "receipt_late"
    RECEIPT_FIRST = "receipt_first"  # before the answer to the message

    DUPLICATE = "duplicate"  # delivered twice under one sequence number
    DUPLICATE_ANEW = "duplicate_anew"  # delivered twice under two
    SPLIT = "split"  # octet by octet
    DROP_SENT = "drop_sent"  # the link is closed as soon as it is sent
    DROP_ANSWERED = "drop_answered"  # the link is closed when it is answered, the answer unread

    @property
    def is_of_delivery(self) -> bool:
        return self in _OF_DELIVERY


_OF_DELIVERY = {
    Fault.DUPLICATE,
    Fault.DUPLICATE_ANEW,
    Fault.SPLIT,
    Fault.DROP_SENT,
    Fault.DROP_ANSWERED,
}


class Faults:
    """Those still to come, in two queues."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: dict[bool, deque[Fault]] = {True: deque(), False: deque()}

    def expect(self, faults: Iterable[Fault]) -> None:
        with self._lock:
            for fault in faults:
                self._queues[fault.is_of_delivery].append(fault)

    def next(self, *, of_delivery: bool) -> Fault | None:
        with self._lock:
            queue = self._queues[of_delivery]
            return queue.popleft() if queue else None
