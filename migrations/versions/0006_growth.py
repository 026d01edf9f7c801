"""What a million past payments would slow down: the figures of a day, and three look-ups.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = """
-- The figures of the last 24 hours, and no row that is older.
CREATE INDEX messages_by_day ON messages (created_at);
CREATE INDEX callbacks_by_day ON callbacks (received_at);
CREATE INDEX receipts_by_day ON receipts (paid_at);
CREATE INDEX alarms_by_day ON alarms (raised_at);

-- What was expected of a bill is forgotten when it is paid.
CREATE INDEX expectations_by_bill ON expectations (bill_number);
-- The first and the last instant of an operator's statements, asked for at every import.
CREATE INDEX statements_by_end ON statements (operator, until);

-- A row at rest is never claimed: a past of them need not stand in the index of what is due.
DROP INDEX outbox_claimable;
CREATE INDEX outbox_claimable ON outbox (coalesce(lease_until, due_at))
    WHERE coalesce(lease_until, due_at) IS NOT NULL;
"""


def upgrade() -> None:
    """Make the indexes."""
    op.execute(INDEXES)
