"""The sweeper's round over the SMS providers: who is in trouble loses texts to the others."""

import structlog

from sms import failover
from sms.failover import Record
from ussd_app.store import sendings, weights
from ussd_app.store.database import Tx
from ussd_app.store.weights import Standing
from ussd_app.usecases.context import Context

_log = structlog.get_logger(__name__)


def balance(context: Context) -> None:
    """Move the weights by what the providers did since they last moved; one provider has all."""
    sms, now = context.sms, context.now()
    if len(sms.weights) == 1:
        return
    with context.db.begin() as tx:
        standing = weights.lock(tx, sms.weights, now)
        less = {code for code, weight in sms.weights.items() if standing.weights[code] < weight}
        bad = failover.troubled(_records(context, tx, standing), sms.policy, less)
        quiet_for = (now - standing.moved_at).total_seconds()
        moved = failover.adjust(standing.weights, sms.weights, bad, quiet_for, sms.policy)
        if moved != standing.weights:
            weights.move(tx, moved, now)
            _log.warning("sms_weights", troubled=sorted(bad), weights=dict(moved))


def _records(context: Context, tx: Tx, standing: Standing) -> dict[str, Record]:
    """What providers did; lateness only of those whose reports are to be expected."""
    sms, now = context.sms, context.now()
    promised = {code for code, provider in sms.by_code.items() if provider.reports}
    expected = promised | sendings.heard_of(tx, now)
    return {
        code: record if code in expected else Record(record.asked, record.failed)
        for code, record in sendings.records(tx, standing.moved_at, now, sms.policy).items()
    }
