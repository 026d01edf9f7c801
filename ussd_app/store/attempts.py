"""Intents and attempts."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import bindparam

from domain.bill import Bill
from domain.msisdn import Msisdn
from domain.payment import OPEN, Status
from payments.intent import Traffic
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, intents, operator_transactions

# Literals, not parameters: the partial indexes hold for exactly these words.
IS_OPEN = attempts.c.status.in_([literal_column(f"'{status}'") for status in sorted(OPEN)])
# Built once: every step of a payment asks for these, and building is a tenth of its processor time.
_GET = select(attempts).where(attempts.c.attempt_id == bindparam("attempt_id"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One collection of one bill through one operator, francs whole, instants UTC."""

    attempt_id: str
    intent_id: str
    bill_number: str
    operator: str
    francs: int
    payer: Msisdn
    caller: Msisdn
    lang: str
    callback_token: str
    channel: str
    session_key: str
    turn: int
    status: Status
    operator_key: str | None
    otp: str | None = field(repr=False)
    prompted: bool
    cancel_wanted: bool
    created_at: datetime
    submitted_at: datetime | None

    @property
    def stranger(self) -> bool:
        """Whether somebody else's telephone is asked to pay."""
        return self.payer != self.caller


def intend(tx: Tx, bill: Bill, intent_id: str, now: datetime) -> str:
    """Return the id of the decision to pay this version of `bill`, made now if it was not yet."""
    row = insert(intents).values(
        intent_id=intent_id,
        bill_number=bill.bill_number,
        bill_version=bill.version,
        francs=bill.amount.francs,
        created_at=now,
    )
    tx.execute(row.on_conflict_do_nothing())
    same = and_(intents.c.bill_number == bill.bill_number, intents.c.bill_version == bill.version)
    kept: str = tx.execute(select(intents.c.intent_id).where(same)).scalar_one()
    return kept


def add(tx: Tx, attempt: Attempt) -> None:
    """Write a new attempt.

    Raises:
        IntegrityError: the bill has an open attempt, or this turn already opened one.
    """
    fields = {name: getattr(attempt, name) for name in Attempt.__slots__}
    fields |= {"payer": attempt.payer.e164, "caller": attempt.caller.e164}
    tx.execute(insert(attempts).values(**fields))


def get(tx: Tx, attempt_id: str) -> Attempt | None:
    """Return an attempt by id."""
    row = tx.execute(_GET, {"attempt_id": attempt_id}).one_or_none()
    return _attempt(row) if row else None


def of_turn(tx: Tx, channel: str, session_key: str, turn: int) -> Attempt | None:
    """Return what a turn of a session opened, if it opened anything."""
    same = and_(
        attempts.c.channel == channel,
        attempts.c.session_key == session_key,
        attempts.c.turn == turn,
    )
    return _first(tx, same)


def of_transaction(tx: Tx, operator: str, operator_ref: str) -> Attempt | None:
    """Return the attempt an operator's transaction is known to belong to."""
    same = and_(
        operator_transactions.c.operator == operator,
        operator_transactions.c.operator_ref == operator_ref,
    )
    found = tx.execute(select(operator_transactions.c.attempt_id).where(same)).scalar_one_or_none()
    return get(tx, found) if found else None


def of_session(tx: Tx, channel: str, session_key: str) -> Attempt | None:
    """Return the newest attempt that a session opened, if it opened any."""
    same = and_(attempts.c.channel == channel, attempts.c.session_key == session_key)
    newest = select(attempts).where(same).order_by(attempts.c.turn.desc()).limit(1)
    row = tx.execute(newest).one_or_none()
    return _attempt(row) if row else None


def of_callback(tx: Tx, operator: str, token: str) -> Attempt | None:
    """Return the attempt a callback token was made for."""
    return _first(tx, and_(attempts.c.operator == operator, attempts.c.callback_token == token))


def of_bill(tx: Tx, bill_number: str) -> list[Attempt]:
    """Return every attempt of a bill, oldest first."""
    query = select(attempts).where(attempts.c.bill_number == bill_number)
    rows = tx.execute(query.order_by(attempts.c.created_at, attempts.c.attempt_id))
    return [_attempt(row) for row in rows]


def open_of(tx: Tx, bill_number: str) -> Attempt | None:
    """Return the open attempt of a bill: there is never more than one."""
    return _first(tx, and_(attempts.c.bill_number == bill_number, IS_OPEN))


def open_at(tx: Tx, operator: str) -> list[Attempt]:
    """Return the open attempts of an operator."""
    rows = tx.execute(select(attempts).where(and_(attempts.c.operator == operator, IS_OPEN)))
    return [_attempt(row) for row in rows]


def traffic(tx: Tx, caller: Msisdn, payer: Msisdn, bill_number: str, since: datetime) -> Traffic:
    """Count what happened since an instant around a caller, a payer and a bill."""
    stranger = attempts.c.payer != attempts.c.caller
    by_caller = attempts.c.caller == caller.e164
    silent = and_(
        attempts.c.bill_number == bill_number,
        attempts.c.status.in_([Status.FAILED, Status.CLOSED_UNPAID]),
    )
    row = tx.execute(
        select(
            func.count().filter(by_caller),
            func.count().filter(and_(by_caller, stranger)),
            func.count().filter(and_(attempts.c.payer == payer.e164, stranger)),
            func.count().filter(and_(silent, stranger)),
        ).where(
            and_(
                attempts.c.created_at > since,
                or_(by_caller, attempts.c.payer == payer.e164, silent),
            )
        )
    ).one()
    return Traffic(*row)


def set_key(tx: Tx, attempt_id: str, operator_key: str) -> None:
    """Keep the operator's key: from here on every call is bound to it."""
    _set(tx, attempt_id, operator_key=operator_key)


def set_submitted(tx: Tx, attempt_id: str, now: datetime) -> None:
    """Note the instant the debit is about to be asked for; the password served once."""
    _set(tx, attempt_id, submitted_at=now, otp=None)


def set_prompted(tx: Tx, attempt_id: str) -> None:
    """Note that the handset is about to be prompted again."""
    _set(tx, attempt_id, prompted=True)


def want_cancelled(tx: Tx, attempt_id: str) -> None:
    """Note that the citizen gives the attempt up."""
    _set(tx, attempt_id, cancel_wanted=True)


def set_status(tx: Tx, attempt_id: str, status: Status) -> None:
    """Keep the folded status, for the indexes and the constraints.

    A password is kept for the debit alone: whatever else happens first, it goes.
    """
    if status is Status.CREATED:
        _set(tx, attempt_id, status=status)
    else:
        _set(tx, attempt_id, status=status, otp=None)


def _set(tx: Tx, attempt_id: str, **values: object) -> None:
    tx.execute(update(attempts).where(attempts.c.attempt_id == attempt_id).values(**values))


def _first(tx: Tx, condition: ColumnElement[bool]) -> Attempt | None:
    row = tx.execute(select(attempts).where(condition).limit(1)).one_or_none()
    return _attempt(row) if row else None


def _attempt(row: Row[tuple[object, ...]]) -> Attempt:
    fields = {name: getattr(row, name) for name in Attempt.__slots__}
    fields |= {
        "payer": Msisdn(row.payer),
        "caller": Msisdn(row.caller),
        "status": Status(row.status),
    }
    return Attempt(**fields)
