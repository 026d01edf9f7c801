"""Counts for those who watch. Taken from the tables, so they are those of all processes."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Table, func, select

from ussd_app.store.database import Tx
from ussd_app.store.tables import (
    alarms,
    attempts,
    callbacks,
    journeys,
    messages,
    receipts,
    sendings,
)

Count = tuple[str, tuple[str, ...], float]  # what is counted, its labels, how many


def since(tx: Tx, start: datetime) -> Iterator[Count]:
    """Count what happened since an instant."""
    cancelled = receipts.c.cancelled_at.is_not(None)
    yield from _by(tx, attempts, attempts.c.created_at > start, "operator", "status")
    yield from _by(tx, messages, messages.c.created_at > start, "template", "status")
    yield from _by(tx, callbacks, callbacks.c.received_at > start, "operator")
    yield from _by(tx, journeys, journeys.c.started_at > start, "channel", "lang", "reason")
    yield from _by(tx, alarms, alarms.c.raised_at > start, "operator")
    yield from _of_sms(tx, sendings.c.began_at > start)
    issued = select(cancelled, func.count()).where(receipts.c.paid_at > start)
    for gone, count in tx.execute(issued.group_by(cancelled)):
        yield "receipts", ("cancelled" if gone else "valid",), count


def _of_sms(tx: Tx, recent: ColumnElement[bool]) -> Iterator[Count]:
    """Sendings by how they went; segments and known francs of what the providers took."""
    outcome = func.coalesce(sendings.c.outcome, "under_way")
    for provider, how, count in tx.execute(
        select(sendings.c.provider, outcome, func.count())
        .where(recent)
        .group_by(sendings.c.provider, outcome)
    ):
        yield "sms_sendings", (provider, how), count
    taken = select(
        sendings.c.provider, func.sum(sendings.c.segments), func.sum(sendings.c.cost)
    ).where(recent, sendings.c.outcome == "sent")
    for provider, segments, francs in tx.execute(taken.group_by(sendings.c.provider)):
        yield "sms_segments", (provider,), segments
        if francs is not None:  # a provider whose price nobody knows costs an unknown sum
            yield "sms_francs", (provider,), float(francs)


def _by(tx: Tx, table: Table, recent: ColumnElement[bool], *labels: str) -> Iterator[Count]:
    columns = [table.c[label] for label in labels]
    for *values, count in tx.execute(
        select(*columns, func.count()).where(recent).group_by(*columns)
    ):
        yield table.name, tuple(values), count
