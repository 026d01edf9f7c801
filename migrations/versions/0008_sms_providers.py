"""Several SMS providers: each sending of a text, what it cost, and who carries how many.

Revision ID: 0008
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHANGES = """
-- One row each time a text was handed to a provider; `outcome` is null while that is under way.
CREATE TABLE sendings (
    sending_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES messages ON DELETE CASCADE,
    provider text NOT NULL,
    provider_id text,
    outcome text CHECK (outcome IN ('sent', 'refused', 'unknown')),
    reason text,
    may_have_left boolean NOT NULL DEFAULT true,
    segments integer NOT NULL CHECK (segments > 0),
    cost numeric(12, 4) CHECK (cost >= 0),
    began_at timestamptz NOT NULL
);
CREATE INDEX sendings_by_message ON sendings (message_id);
CREATE INDEX sendings_by_provider_id ON sendings (provider, provider_id);
CREATE INDEX sendings_by_day ON sendings (began_at);

CREATE TABLE sms_weights (
    provider text PRIMARY KEY,
    weight integer NOT NULL CHECK (weight BETWEEN 0 AND 100),
    configured integer NOT NULL CHECK (configured BETWEEN 0 AND 100),
    moved_at timestamptz NOT NULL
);

-- Until now there was one provider; what its words meant was not written down.
ALTER TABLE delivery_reports ADD COLUMN provider text NOT NULL DEFAULT 'africastalking';
ALTER TABLE delivery_reports ADD COLUMN verdict text NOT NULL DEFAULT 'under_way'
    CHECK (verdict IN ('delivered', 'failed', 'under_way'));
ALTER TABLE delivery_reports ALTER COLUMN provider DROP DEFAULT;
ALTER TABLE delivery_reports ALTER COLUMN verdict DROP DEFAULT;
ALTER TABLE delivery_reports DROP CONSTRAINT delivery_reports_pkey;
ALTER TABLE delivery_reports ADD PRIMARY KEY (provider_id, word, provider);
-- Whether a provider's reports reach us at all.
CREATE INDEX delivery_reports_by_day ON delivery_reports (provider, received_at);
"""


def upgrade() -> None:
    """Make the tables and the columns."""
    op.execute(CHANGES)
