"""Which operators respond: a few failures in a row take one out of the menus for a short while.

Only calls that debit nothing are counted, and time alone brings an operator back: then one call
tells.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import operator_health

_FAILURES_MIN = 3

# The codes of the operators that are down at `now`, in one text: for a reading of something else.
CODES_DOWN = (
    select(func.string_agg(operator_health.c.operator, " "))
    .where(operator_health.c.down_until > bindparam("now"))
    .scalar_subquery()
)


def failed(tx: Tx, operator: str, now: datetime, rest: timedelta) -> None:
    """Count a call that got no answer, or a 5xx: enough in a row, and the operator rests."""
    row = insert(operator_health).values(operator=operator, failures=1)
    many = operator_health.c.failures + 1
    tx.execute(row.on_conflict_do_update(index_elements=["operator"], set_={"failures": many}))
    down = and_(operator_health.c.operator == operator, operator_health.c.failures >= _FAILURES_MIN)
    tx.execute(update(operator_health).where(down).values(down_until=now + rest))


def answered(tx: Tx, operator: str) -> None:
    """Note that an operator has answered."""
    failing = and_(operator_health.c.operator == operator, operator_health.c.failures > 0)
    tx.execute(update(operator_health).where(failing).values(failures=0, down_until=None))


def down(tx: Tx, now: datetime) -> frozenset[str]:
    """Return the operators known to be down."""
    found = tx.execute(select(CODES_DOWN), {"now": now}).scalar_one()
    return frozenset((found or "").split())
