"""Each time a text was handed to a provider: how that went, what it cost, and whether it arrived.

A sending is written before the provider is called; without an outcome it is under way or lost. A
report belongs to the sending of the same provider and id, whichever of the two came first.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.msisdn import Msisdn
from sms.failover import Policy, Record
from sms.gateway import Refused, Report, Result, Sent, Unknown, Verdict
from ussd_app.store.database import Tx
from ussd_app.store.tables import delivery_reports, messages, sendings

_NO_ANSWER = timedelta(seconds=30)  # no call takes as long: the sending is lost
_ADOPTED_WITHIN = timedelta(days=1)
_JUDGED_WITHIN = timedelta(hours=1)
_HEARD_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sending:
    """A sending of a text; it may have left even where nothing was answered."""

    provider: str
    may_have_left: bool


@dataclass(frozen=True, slots=True)
class Handing:
    """A text about to be handed to a provider; `provider_id` where we give it ourselves."""

    message_id: int
    provider: str
    provider_id: str | None
    segments: int


def begin(tx: Tx, handing: Handing, now: datetime) -> int:
    """Write down that a text is handed over."""
    row = insert(sendings).values(**asdict(handing), began_at=now)
    sending_id: int = tx.execute(row.returning(sendings.c.sending_id)).scalar_one()
    return sending_id


def end(tx: Tx, sending_id: int, result: Result, price: Decimal | None) -> None:
    """Write down how it went; `price` is of a segment, where the provider tells no cost."""
    values: dict[str, object]
    match result:
        case Sent(provider_id, cost, segments):
            counted = sendings.c.segments if segments is None else segments
            known = counted * price if cost is None and price is not None else cost
            values = {"provider_id": provider_id, "segments": counted, "cost": known}
            values["outcome"] = "sent"
        case Refused(reason):
            values = {"outcome": "refused", "reason": reason, "may_have_left": False}
        case Unknown(reason, left):
            values = {"outcome": "unknown", "reason": reason, "may_have_left": left}
    tx.execute(update(sendings).where(sendings.c.sending_id == sending_id).values(**values))


def last(tx: Tx, message_id: int) -> Sending | None:
    """Return the newest sending of a text."""
    query = (
        select(sendings.c.provider, sendings.c.may_have_left)
        .where(sendings.c.message_id == message_id)
        .order_by(sendings.c.sending_id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    return Sending(row.provider, row.may_have_left) if row else None


def arrived(tx: Tx, message_id: int) -> str | None:
    """Return the provider's id of the sending of a text that is known to have arrived."""
    query = (
        select(sendings.c.provider_id)
        .join(delivery_reports, _of_the_same)
        .where(sendings.c.message_id == message_id)
        .where(delivery_reports.c.verdict == Verdict.DELIVERED)
        .limit(1)
    )
    provider_id: str | None = tx.execute(query).scalar_one_or_none()
    return provider_id


def keep_report(tx: Tx, provider: str, report: Report, now: datetime) -> None:
    """Keep a delivery report; it may come before we know the provider's id, and more than once."""
    row = insert(delivery_reports).values(
        provider=provider,
        provider_id=report.provider_id,
        word=report.word,
        verdict=report.verdict,
        reason=report.reason or None,
        received_at=now,
    )
    tx.execute(row.on_conflict_do_nothing())


def told_of(tx: Tx, provider: str, provider_id: str) -> int | None:
    """Return the text that was sent by a provider under an id."""
    query = (
        select(sendings.c.message_id)
        .where(sendings.c.provider == provider, sendings.c.provider_id == provider_id)
        .limit(1)
    )
    message_id: int | None = tx.execute(query).scalar_one_or_none()
    return message_id


def adopt(tx: Tx, provider: str, provider_id: str, to: Msisdn, now: datetime) -> int | None:
    """Give an id nobody knows to the one sending to a number that was never answered.

    Return its text; None where there is none, or more than one: then nobody can tell which.
    """
    silent = and_(
        sendings.c.provider == provider,
        sendings.c.provider_id.is_(None),
        sendings.c.may_have_left,
        sendings.c.began_at > now - _ADOPTED_WITHIN,
        messages.c.recipient == to.e164,
    )
    query = select(sendings.c.sending_id, sendings.c.message_id).join(messages).where(silent)
    found = tx.execute(query.limit(2)).all()
    if len(found) != 1:
        return None
    row = found[0]
    mine = sendings.c.sending_id == row.sending_id
    tx.execute(update(sendings).where(mine).values(provider_id=provider_id))
    message_id: int = row.message_id
    return message_id


def records(tx: Tx, since: datetime, now: datetime, policy: Policy) -> dict[str, Record]:
    """Return what each provider did since an instant."""
    failures = _failures(tx, max(since, now - timedelta(seconds=policy.window)), now)
    delays = _delays(tx, since, now, policy)
    return {
        provider: Record(*failures.get(provider, (0, 0)), *delays.get(provider, (0, 0)))
        for provider in failures.keys() | delays.keys()
    }


def _failures(tx: Tx, since: datetime, now: datetime) -> dict[str, tuple[int, int]]:
    """Return how many sendings there were, and how many failed."""
    lost = and_(sendings.c.outcome.is_(None), sendings.c.began_at < now - _NO_ANSWER)
    failed = or_(sendings.c.outcome.in_(["unknown", "refused"]), lost)
    query = (
        select(sendings.c.provider, func.count(), func.count().filter(failed))
        .where(sendings.c.began_at > since)
        .group_by(sendings.c.provider)
    )
    return {provider: (asked, bad) for provider, asked, bad in tx.execute(query)}


def _delays(tx: Tx, since: datetime, now: datetime, policy: Policy) -> dict[str, tuple[int, int]]:
    """Return how many of the newest texts are old enough to have arrived, and how many are late."""
    slow_after = timedelta(seconds=policy.slow_after)
    old_enough = now - slow_after
    in_time = exists().where(
        _of_the_same,
        delivery_reports.c.verdict == Verdict.DELIVERED,
        delivery_reports.c.received_at <= sendings.c.began_at + slow_after,
    )
    taken = and_(
        sendings.c.outcome == "sent",
        sendings.c.began_at > max(since, old_enough - _JUDGED_WITHIN),
        sendings.c.began_at <= old_enough,
    )
    newest_first = func.row_number().over(
        partition_by=sendings.c.provider, order_by=sendings.c.began_at.desc()
    )
    ranked = select(
        sendings.c.provider,
        sendings.c.began_at,
        (~in_time).label("late"),
        newest_first.label("place"),
    ).where(taken)
    judged = ranked.subquery()
    recent = judged.c.began_at > old_enough - timedelta(seconds=policy.span)
    query = (
        select(judged.c.provider, func.count(), func.count().filter(judged.c.late))
        .where(or_(judged.c.place <= policy.newest, recent))
        .group_by(judged.c.provider)
    )
    return {provider: (count, late) for provider, count, late in tx.execute(query)}


def heard_of(tx: Tx, now: datetime) -> frozenset[str]:
    """Return the providers whose reports of deliveries reach us."""
    recent = delivery_reports.c.received_at > now - _HEARD_WITHIN
    delivered = delivery_reports.c.verdict == Verdict.DELIVERED
    query = select(delivery_reports.c.provider).distinct().where(recent, delivered)
    return frozenset(row.provider for row in tx.execute(query))


_of_the_same = and_(
    delivery_reports.c.provider == sendings.c.provider,
    delivery_reports.c.provider_id == sendings.c.provider_id,
)
