"""What people wrote to us: one row a message, whoever brings it and how often."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.msisdn import Msisdn
from sms.gateway import Verdict
from sms.inbound import Inbound
from sms.notices import Notice
from ussd_app.store.database import Tx
from ussd_app.store.messages import MessageStatus, queue
from ussd_app.store.tables import delivery_reports, messages, sendings
from ussd_app.store.tables import inbound_messages as inbound

ANSWER = "answer"  # the template of them all
NOT_ANSWERED = "not_answered"
_EVENT = "inbound-"


def _told(verdict: Verdict) -> ColumnElement[bool]:
    """Whether a report says so of a sending of the message."""
    return exists().where(
        sendings.c.message_id == messages.c.message_id,
        delivery_reports.c.provider == sendings.c.provider,
        delivery_reports.c.provider_id == sendings.c.provider_id,
        delivery_reports.c.verdict == verdict,
    )


_LOST = and_(_told(Verdict.FAILED), not_(_told(Verdict.DELIVERED)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that was not answered yet, to `to`. `typed_by`: see `Inbound.typed_by`."""

    inbound_id: int
    sender: Msisdn
    to: str
    text: str = field(repr=False)
    typed_by: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The screen of a dialogue by SMS that somebody was sent last, and how its sending went."""

    session_id: str
    ends: bool
    answered_at: datetime
    text: str = field(repr=False)
    status: MessageStatus
    left_at: datetime | None
    lost: bool

    @property
    def on_its_way(self) -> bool:
        """Whether it will be sent without anybody's doing."""
        return self.status not in {MessageStatus.SENT, MessageStatus.REFUSED}

    def stood(self, moment: datetime) -> bool:
        """Whether it had left us before `moment`, and no report says that it never arrived."""
        return self.left_at is not None and self.left_at < moment and not self.lost


def take(tx: Tx, message: Inbound, sender: Msisdn | None, subscriber: str, now: datetime) -> bool:
    """Keep a message; False when it is here already.

    Without a `sender` who may be answered nothing of what it says is kept.
    """
    row = {
        "provider": message.provider,
        "provider_id": message.provider_id,
        "subscriber": subscriber if sender else None,
        "sender": sender.e164 if sender else message.sender,
        "recipient": message.to,
        "text": message.text if sender else "",
        "typed_by": message.typed_by(now),
        "received_at": now,
        "handled_at": None if sender else now,
        "outcome": None if sender else NOT_ANSWERED,
    }
    return bool(tx.execute(insert(inbound).values(row).on_conflict_do_nothing()).rowcount)


def waiting(tx: Tx, subscriber: str, most: int) -> list[Waiting]:
    """Return what a subscriber wrote and was not answered, in the order it came."""
    mine = and_(inbound.c.subscriber == subscriber, inbound.c.handled_at.is_(None))
    rows = tx.execute(select(inbound).where(mine).order_by(inbound.c.inbound_id).limit(most))
    return [
        Waiting(
            inbound_id=row.inbound_id,
            sender=Msisdn(row.sender),
            to=row.recipient,
            text=row.text,
            typed_by=row.typed_by,
            received_at=row.received_at,
        )
        for row in rows
    ]


def standing(tx: Tx, subscriber: str) -> Standing | None:
    """Return the screen that a subscriber was sent last, if there is one."""
    event = func.concat(_EVENT, inbound.c.inbound_id)
    same = and_(messages.c.event == event, messages.c.recipient == inbound.c.sender)
    shown = (inbound.c.session_id, inbound.c.ends, inbound.c.handled_at)
    sent = (messages.c.text, messages.c.status, messages.c.sent_at)
    row = tx.execute(
        select(*shown, *sent, _LOST.label("lost"))
        .join(messages, same)
        .where(inbound.c.subscriber == subscriber, inbound.c.session_id.is_not(None))
        .order_by(inbound.c.inbound_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Standing(
        session_id=row.session_id,
        ends=row.ends,
        answered_at=row.handled_at,
        text=row.text,
        status=MessageStatus(row.status),
        left_at=row.sent_at,
        lost=row.lost,
    )


def answer(tx: Tx, message: Waiting, text: str, now: datetime) -> None:
    """Queue the answer to a message, once."""
    notice = Notice(ANSWER, f"{_EVENT}{message.inbound_id}", {})
    queue(tx, notice, message.sender, text, now)


def close(  # a message, and how it was answered
    tx: Tx, message: Waiting, outcome: str, now: datetime, *, session_id: str, ends: bool
) -> None:
    """Note that a message was dealt with, and forget its words."""
    done = {"handled_at": now, "outcome": outcome, "text": ""}
    shown = {"session_id": session_id or None, "ends": ends}
    same = inbound.c.inbound_id == message.inbound_id
    tx.execute(update(inbound).where(same).values({**done, **shown}))


def purge(tx: Tx, before: datetime, most: int) -> None:
    """Forget some of the messages that no provider can bring again."""
    old = and_(inbound.c.received_at < before, inbound.c.handled_at.is_not(None))
    some = select(inbound.c.inbound_id).where(old).limit(most)
    tx.execute(delete(inbound).where(inbound.c.inbound_id.in_(some)))
