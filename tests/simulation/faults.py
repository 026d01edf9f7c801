"""What goes wrong in the simulated world, by name. Each is counted when it really happened."""

from enum import StrEnum


class Fault(StrEnum):
    """One kind of bad luck, or of malice."""

    # the operator's answers
    REPLY_LOST_DEBITED = "reply lost, debited"
    REPLY_LOST_UNDEBITED = "reply lost, not debited"
    SERVER_ERROR_DEBITED = "server error, debited"
    SERVER_ERROR_UNDEBITED = "server error, not debited"
    NEVER_REACHED = "the operator was never reached"
    KEY_REFUSED = "no key to be had"
    BEARER_REVOKED = "bearer revoked"
    INQUIRY_LOST = "inquiry lost"
    UNKNOWN_WORD = "a word nobody documented"
    OPERATOR_DOWN = "operator down"
    NOT_FOUND = "the operator knows nothing of it"
    TOO_SOON = "same number and amount too soon"
    STATEMENT_LATE = "statement late"
    CREDIT_UNSTATED = "paid, in no statement"
    STRAY_CREDIT = "a credit of nobody"
    REF_REUSED = "a transaction id used twice"
    # the money
    WRONG_AMOUNT = "wrong amount"
    LATE_SUCCESS = "success after a failure"
    REVERSAL = "reversal"
    POOR = "insufficient funds"
    REFUSED = "refused by the citizen"
    EXPIRED = "prompt expired"
    BUSY = "handset busy"
    # the callbacks
    CALLBACK_LOST = "callback lost"
    CALLBACK_LATE = "callback late"
    CALLBACK_DOUBLED = "callback doubled"
    CALLBACK_EARLY = "callback before the reply"
    CALLBACK_FORGED = "callback forged"
    CALLBACK_STRAY = "callback of nobody"
    # the machines
    DIED_AT_LABEL = "death at a labelled point"
    DIED_BEFORE_COMMIT = "death before a commit"
    DIED_AFTER_COMMIT = "death after a commit"
    WORKER_STALLED = "worker stalled beyond its lease"
    DATABASE_DOWN = "database down"
    QUEUE_EMPTIED = "queue emptied"
    SESSIONS_LOST = "sessions lost"
    CLOCK_FORWARD = "clock forward"
    CLOCK_BACK = "clock back"
    # the registry
    BILL_CANCELLED = "bill cancelled"
    BILL_ALTERED = "bill altered"
    # the telephone
    TURN_REPEATED = "turn repeated"
    TURN_LATE = "turn late"
    SESSION_CUT = "session cut"
    TWO_CITIZENS = "two citizens, one bill"
    # the messages
    SMS_UNKNOWN = "SMS provider silent"
    SMS_DOWN = "SMS provider down"
