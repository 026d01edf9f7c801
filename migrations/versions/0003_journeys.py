"""What is kept of sessions: where one was cut, how each ended; and which operators respond.

Revision ID: 0003
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
-- A session cut in the middle, to be taken up by the same number within minutes. What was typed may
-- be personal: the row is deleted when it is taken up, given up, or too old.
CREATE TABLE checkpoints (
    subscriber text PRIMARY KEY,
    session text NOT NULL,
    saved_at timestamptz NOT NULL
);
CREATE INDEX checkpoints_by_age ON checkpoints (saved_at);

-- One row a session: figures only, neither a number nor a word of the citizen's.
CREATE TABLE journeys (
    session_key text PRIMARY KEY,
    channel text NOT NULL,
    lang text NOT NULL,
    errand text NOT NULL,
    screen text NOT NULL,
    reason text NOT NULL CHECK (reason IN (
        'payment', 'answered', 'hung_up', 'failed', 'timed_out')),
    turns integer NOT NULL CHECK (turns > 0),
    seconds integer NOT NULL CHECK (seconds >= 0),
    started_at timestamptz NOT NULL
);
CREATE INDEX journeys_by_day ON journeys (started_at);

CREATE TABLE operator_health (
    operator text PRIMARY KEY,
    failures integer NOT NULL CHECK (failures >= 0),
    down_until timestamptz
);

-- The result of a payment is the first thing the next dial shows, once.
ALTER TABLE attempts ADD COLUMN shown_at timestamptz;
CREATE INDEX receipts_by_attempt ON receipts (attempt_id);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)
