"""The tables, their constraints and indexes: what a table can hold of the rules of money, it holds.

Revision ID: 0001
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE bills (
    bill_number text PRIMARY KEY CHECK (bill_number ~ '^[0-9]{10}$'),
    service text NOT NULL,
    subject text NOT NULL,
    francs integer NOT NULL CHECK (francs > 0),
    legal_basis text NOT NULL,
    issued_on date NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    status text NOT NULL CHECK (status IN ('due', 'paid', 'cancelled')),
    version integer NOT NULL CHECK (version > 0),
    settled_at timestamptz,
    details jsonb NOT NULL,
    requester text,
    fingerprint text,
    created_at timestamptz NOT NULL
);
CREATE INDEX bills_by_request ON bills (requester, created_at);

CREATE TABLE intents (
    intent_id text PRIMARY KEY,
    bill_number text NOT NULL REFERENCES bills,
    bill_version integer NOT NULL,
    francs integer NOT NULL CHECK (francs > 0),
    created_at timestamptz NOT NULL,
    UNIQUE (bill_number, bill_version)
);

CREATE TABLE attempts (
    attempt_id text PRIMARY KEY CHECK (attempt_id ~ '^[0-9a-f]{32}$'),
    intent_id text NOT NULL REFERENCES intents,
    bill_number text NOT NULL REFERENCES bills,
    operator text NOT NULL,
    francs integer NOT NULL CHECK (francs > 0),
    payer text NOT NULL,
    caller text NOT NULL,
    lang text NOT NULL,
    callback_token text NOT NULL UNIQUE,
    channel text NOT NULL,
    session_key text NOT NULL,
    turn integer NOT NULL,
    status text NOT NULL CHECK (status IN (
        'created', 'submitting', 'unknown', 'pending', 'failed', 'closed_unpaid',
        'reversed', 'mismatch', 'succeeded', 'double_debit')),
    operator_key text,
    prompted boolean NOT NULL,
    created_at timestamptz NOT NULL,
    submitted_at timestamptz,
    UNIQUE (channel, session_key, turn),
    CHECK (submitted_at IS NULL OR operator_key IS NOT NULL)
);
-- While an attempt of a bill is open, no other may start.
CREATE UNIQUE INDEX attempts_one_open_a_bill ON attempts (bill_number)
    WHERE status IN ('created', 'submitting', 'unknown', 'pending');
CREATE INDEX attempts_open_by_caller ON attempts (caller)
    WHERE status IN ('created', 'submitting', 'unknown', 'pending');
CREATE INDEX attempts_by_bill ON attempts (bill_number);
CREATE INDEX attempts_by_day ON attempts (created_at);
CREATE INDEX attempts_by_caller ON attempts (caller, created_at);
CREATE INDEX attempts_by_payer ON attempts (payer, created_at);

CREATE TABLE evidence (
    evidence_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attempt_id text NOT NULL REFERENCES attempts,
    kind text NOT NULL,
    source text NOT NULL,
    operator_ref text,
    francs integer,
    failure text,
    word text,
    seen_at timestamptz NOT NULL,
    CHECK (francs > 0),
    CHECK (kind NOT IN ('paid', 'reversed')
           OR (operator_ref IS NOT NULL AND francs IS NOT NULL)),
    UNIQUE NULLS NOT DISTINCT (attempt_id, kind, source, operator_ref, francs, failure, word)
);

CREATE TABLE operator_transactions (
    operator text NOT NULL,
    operator_ref text NOT NULL,
    attempt_id text NOT NULL REFERENCES attempts,
    PRIMARY KEY (operator, operator_ref)
);

CREATE TABLE entries (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    destination text NOT NULL CHECK (destination <> source),
    francs integer NOT NULL CHECK (francs > 0),
    bill_number text NOT NULL REFERENCES bills,
    operator text NOT NULL,
    operator_ref text NOT NULL,
    posted_at timestamptz NOT NULL
);
CREATE INDEX entries_by_bill ON entries (bill_number);

CREATE TABLE receipts (
    receipt_number text PRIMARY KEY CHECK (receipt_number ~ '^[0-9]{16}$'),
    bill_number text NOT NULL REFERENCES bills,
    attempt_id text NOT NULL REFERENCES attempts,
    service text NOT NULL,
    subject text NOT NULL,
    francs integer NOT NULL CHECK (francs > 0),
    operator text NOT NULL,
    operator_ref text NOT NULL,
    paid_at timestamptz NOT NULL,
    quittance_post text NOT NULL,
    quittance_year integer NOT NULL,
    quittance_number integer NOT NULL CHECK (quittance_number > 0),
    cancelled_at timestamptz,
    UNIQUE (quittance_post, quittance_year, quittance_number)
);
CREATE UNIQUE INDEX receipts_one_valid_a_bill ON receipts (bill_number)
    WHERE cancelled_at IS NULL;
CREATE UNIQUE INDEX receipts_one_valid_a_transaction ON receipts (operator, operator_ref)
    WHERE cancelled_at IS NULL;
CREATE INDEX receipts_by_bill ON receipts (bill_number);

CREATE TABLE quittance_counters (
    post text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL CHECK (last >= 0),
    PRIMARY KEY (post, year)
);

CREATE TABLE outbox (
    outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    ref text NOT NULL,
    due_at timestamptz,
    lease_until timestamptz,
    version integer NOT NULL,
    tries integer NOT NULL,
    UNIQUE (kind, ref)
);
CREATE INDEX outbox_claimable ON outbox (coalesce(lease_until, due_at));

CREATE TABLE messages (
    message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event text NOT NULL,
    template text NOT NULL,
    recipient text NOT NULL,
    text text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'sending', 'sent', 'unknown', 'refused')),
    provider_id text,
    reason text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    UNIQUE (event, template, recipient)
);
CREATE INDEX messages_by_provider_id ON messages (provider_id);

CREATE TABLE delivery_reports (
    provider_id text NOT NULL,
    word text NOT NULL,
    reason text,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider_id, word)
);

CREATE TABLE callbacks (
    callback_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operator text NOT NULL,
    token text NOT NULL,
    body bytea NOT NULL,
    received_at timestamptz NOT NULL
);

CREATE TABLE statement_lines (
    operator text NOT NULL,
    line_key text NOT NULL,
    kind text NOT NULL,
    operator_ref text NOT NULL,
    attempt_id text,
    francs integer NOT NULL CHECK (francs > 0),
    at timestamptz NOT NULL,
    PRIMARY KEY (operator, line_key)
);

CREATE TABLE statements (
    operator text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (operator, since)
);

CREATE TABLE subscribers (
    subscriber text PRIMARY KEY,
    lang text NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE alarms (
    operator text NOT NULL,
    subject text NOT NULL,
    alarm text NOT NULL,
    raised_at timestamptz NOT NULL,
    PRIMARY KEY (operator, subject, alarm)
);

CREATE TABLE operator_tokens (
    operator text PRIMARY KEY,
    bearer text NOT NULL,
    expires_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Make every table."""
    op.execute(TABLES)
