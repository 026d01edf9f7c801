"""What people write to us by SMS, and who wants no more than what they asked for.

Revision ID: 0009
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
-- Kept as it came until it is answered; then the words are deleted, for they may be personal, and
-- the row stays a while, so that the provider's repetitions do nothing. `subscriber` is the keyed
-- hash of a sender who may be answered. `session_id` names the dialogue that the answer shows a
-- screen of, `ends` says that it was the last, `typed_by` when the words were typed at the latest.
CREATE TABLE inbound_messages (
    inbound_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider text NOT NULL,
    provider_id text NOT NULL,
    subscriber text,
    sender text NOT NULL,
    recipient text NOT NULL,
    text text NOT NULL,
    typed_by timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    handled_at timestamptz,
    outcome text,
    session_id text,
    ends boolean NOT NULL DEFAULT false,
    UNIQUE (provider, provider_id),
    CHECK ((handled_at IS NULL) = (outcome IS NULL)),
    CHECK (handled_at IS NULL OR text = ''),
    CHECK (session_id IS NULL OR handled_at IS NOT NULL)
);
CREATE INDEX inbound_waiting ON inbound_messages (subscriber, inbound_id)
    WHERE handled_at IS NULL;
CREATE INDEX inbound_standing ON inbound_messages (subscriber, inbound_id)
    WHERE session_id IS NOT NULL;
CREATE INDEX inbound_by_age ON inbound_messages (received_at);

-- Whoever wrote STOP: keyed by a hash of the number, until they write again that they want to.
CREATE TABLE optouts (
    subscriber text PRIMARY KEY,
    stopped_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)
