"""Messages to citizens: one row an (event, template, recipient), whoever asks and how often."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.msisdn import Msisdn
from sms.notices import Notice
from ussd_app.store import outbox
from ussd_app.store.database import Tx
from ussd_app.store.tables import messages


class MessageStatus(StrEnum):
    """`SENDING` is written before the provider is called; found again later it means unknown."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Message:
    """One text for one number."""

    message_id: int
    template: str
    recipient: Msisdn
    text: str
    status: MessageStatus


def queue(tx: Tx, notice: Notice, to: Msisdn, text: str, now: datetime) -> None:
    """Queue a notice, once: the same event told again to the same number changes nothing."""
    row = (
        insert(messages)
        .values(
            event=notice.event,
            template=notice.template,
            recipient=to.e164,
            text=text,
            status=MessageStatus.QUEUED,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(messages.c.message_id)
    )
    message_id = tx.execute(row).scalar_one_or_none()
    if message_id is not None:
        outbox.put(tx, outbox.Kind.MESSAGE, str(message_id), now)


def get(tx: Tx, message_id: int) -> Message:
    """Return a message."""
    row = tx.execute(select(messages).where(messages.c.message_id == message_id)).one()
    status = MessageStatus(row.status)
    return Message(row.message_id, row.template, Msisdn(row.recipient), row.text, status)


def set_status(
    tx: Tx,
    message_id: int,
    status: MessageStatus,
    *,
    now: datetime | None = None,
    provider_id: str | None = None,
    reason: str | None = None,
) -> None:
    """Write how the sending went."""
    tx.execute(
        update(messages)
        .where(messages.c.message_id == message_id)
        .values(status=status, provider_id=provider_id, reason=reason, sent_at=now)
    )


def sent_to(tx: Tx, to: Msisdn) -> list[str]:
    """Return the texts handed to the provider for a number, oldest first."""
    mine = and_(messages.c.recipient == to.e164, messages.c.status == MessageStatus.SENT)
    query = select(messages.c.text).where(mine).order_by(messages.c.sent_at)
    return list(tx.execute(query).scalars())


def left(tx: Tx, event: str, to: Msisdn) -> bool:
    """Whether the notice of `event` has left for `to`, as far as we know."""
    gone = messages.c.status.in_([MessageStatus.SENT, MessageStatus.UNKNOWN])
    same = and_(messages.c.event == event, messages.c.recipient == to.e164, gone)
    return tx.execute(select(messages.c.message_id).where(same)).first() is not None


def known_to_have_left(tx: Tx, message_id: int, provider_id: str, now: datetime) -> None:
    """End the doubt about a message: it is not sent again."""
    in_doubt = and_(messages.c.message_id == message_id, messages.c.status == MessageStatus.UNKNOWN)
    tx.execute(
        update(messages)
        .where(in_doubt)
        .values(status=MessageStatus.SENT, provider_id=provider_id, reason=None, sent_at=now)
    )
