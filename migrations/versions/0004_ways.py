"""Other ways to pay: a password of the operator's, money nobody opened, events heard.

Revision ID: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
-- Typed by the citizen, sent once with the debit, and gone in the transaction that announces it.
ALTER TABLE attempts ADD COLUMN otp text,
    ADD CHECK (otp IS NULL OR submitted_at IS NULL);

-- Somebody was told what to dial: the operator's credit will name no attempt of ours.
CREATE TABLE expectations (
    bill_number text NOT NULL REFERENCES bills,
    operator text NOT NULL,
    francs integer NOT NULL CHECK (francs > 0),
    payer text NOT NULL,
    caller text NOT NULL,
    lang text NOT NULL,
    channel text NOT NULL,
    session_key text NOT NULL,
    turn integer NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (channel, session_key, turn)
);
CREATE INDEX expectations_by_payer ON expectations (operator, payer, francs, created_at);

CREATE TABLE statement_files (
    operator text NOT NULL,
    sha256 text NOT NULL,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (operator, sha256)
);

-- It takes two people to close an attempt, and no person can move money.
CREATE TABLE decisions (
    attempt_id text PRIMARY KEY REFERENCES attempts,
    reason text NOT NULL CHECK (reason <> ''),
    proposed_by text NOT NULL CHECK (proposed_by <> ''),
    proposed_at timestamptz NOT NULL,
    confirmed_by text CHECK (lower(btrim(confirmed_by)) <> lower(btrim(proposed_by))),
    confirmed_at timestamptz,
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);
ALTER TABLE evidence ADD CHECK (source <> 'people' OR kind = 'closed_unpaid');

-- What an operator has told once: its own id of the event, for as long as it might be replayed.
CREATE TABLE callback_events (
    operator text NOT NULL,
    event text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (operator, event)
);
CREATE INDEX callback_events_by_age ON callback_events (received_at);
"""


def upgrade() -> None:
    """Make the column."""
    op.execute(TABLES)
