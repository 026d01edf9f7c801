"""The tables, as SQLAlchemy sees them.

Constraints and triggers that guard money are written in migrations/versions;
tests/integration/store proves that the two agree and that the guards bite.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _instant(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


bills = Table(
    "bills",
    metadata,
    Column("bill_number", Text, primary_key=True),
    _text("service"),
    _text("subject"),
    Column("francs", Integer, nullable=False),
    _text("legal_basis"),
    Column("issued_on", Date, nullable=False),
    Column("quantity", Integer, nullable=False),
    _text("status"),
    Column("version", Integer, nullable=False),
    _instant("settled_at", nullable=True),
    Column("details", JSONB, nullable=False),
    _text("requester", nullable=True),
    _text("fingerprint", nullable=True),
    _instant("created_at"),
)

intents = Table(
    "intents",
    metadata,
    Column("intent_id", Text, primary_key=True),
    Column("bill_number", Text, ForeignKey("bills.bill_number"), nullable=False),
    Column("bill_version", Integer, nullable=False),
    Column("francs", Integer, nullable=False),
    _instant("created_at"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", Text, primary_key=True),
    Column("intent_id", Text, ForeignKey("intents.intent_id"), nullable=False),
    Column("bill_number", Text, ForeignKey("bills.bill_number"), nullable=False),
    _text("operator"),
    Column("francs", Integer, nullable=False),
    _text("payer"),
    _text("caller"),
    _text("lang"),
    _text("callback_token"),
    _text("channel"),
    _text("session_key"),
    Column("turn", Integer, nullable=False),
    _text("status"),
    _text("operator_key", nullable=True),
    _text("otp", nullable=True),
    Column("prompted", Boolean, nullable=False),
    Column("cancel_wanted", Boolean, nullable=False, server_default="false"),
    _instant("created_at"),
    _instant("submitted_at", nullable=True),
    _instant("shown_at", nullable=True),
)

evidence = Table(
    "evidence",
    metadata,
    Column("evidence_id", BigInteger, Identity(always=True), primary_key=True),
    Column("attempt_id", Text, ForeignKey("attempts.attempt_id"), nullable=False),
    _text("kind"),
    _text("source"),
    _text("operator_ref", nullable=True),
    Column("francs", Integer),
    _text("failure", nullable=True),
    _text("word", nullable=True),
    _instant("seen_at"),
)

operator_transactions = Table(
    "operator_transactions",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("operator_ref", Text, primary_key=True),
    Column("attempt_id", Text, ForeignKey("attempts.attempt_id"), nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("entry_id", BigInteger, Identity(always=True), primary_key=True),
    _text("source"),
    _text("destination"),
    Column("francs", Integer, nullable=False),
    Column("bill_number", Text, ForeignKey("bills.bill_number")),
    _text("operator"),
    _text("operator_ref"),
    _instant("posted_at"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("receipt_number", Text, primary_key=True),
    Column("bill_number", Text, ForeignKey("bills.bill_number"), nullable=False),
    Column("attempt_id", Text, ForeignKey("attempts.attempt_id"), nullable=False),
    _text("service"),
    _text("subject"),
    Column("francs", Integer, nullable=False),
    _text("operator"),
    _text("operator_ref"),
    _instant("paid_at"),
    _text("quittance_post"),
    Column("quittance_year", Integer, nullable=False),
    Column("quittance_number", Integer, nullable=False),
    _instant("cancelled_at", nullable=True),
)

quittance_counters = Table(
    "quittance_counters",
    metadata,
    Column("post", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("outbox_id", BigInteger, Identity(always=True), primary_key=True),
    _text("kind"),
    _text("ref"),
    _instant("due_at", nullable=True),
    _instant("lease_until", nullable=True),
    Column("version", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("message_id", BigInteger, Identity(always=True), primary_key=True),
    _text("event"),
    _text("template"),
    _text("recipient"),
    _text("text"),
    _text("status"),
    _text("provider_id", nullable=True),
    _text("reason", nullable=True),
    _instant("created_at"),
    _instant("sent_at", nullable=True),
)

delivery_reports = Table(
    "delivery_reports",
    metadata,
    Column("provider_id", Text, primary_key=True),
    Column("word", Text, primary_key=True),
    _text("reason", nullable=True),
    _instant("received_at"),
    Column("provider", Text, primary_key=True),
    _text("verdict"),
)

sendings = Table(
    "sendings",
    metadata,
    Column("sending_id", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "message_id",
        BigInteger,
        ForeignKey("messages.message_id", ondelete="CASCADE"),
        nullable=False,
    ),
    _text("provider"),
    _text("provider_id", nullable=True),
    _text("outcome", nullable=True),
    _text("reason", nullable=True),
    Column("may_have_left", Boolean, nullable=False, server_default="true"),
    Column("segments", Integer, nullable=False),
    Column("cost", Numeric(12, 4)),
    _instant("began_at"),
)

sms_weights = Table(
    "sms_weights",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("weight", Integer, nullable=False),
    Column("configured", Integer, nullable=False),
    _instant("moved_at"),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("callback_id", BigInteger, Identity(always=True), primary_key=True),
    _text("operator"),
    _text("token"),
    Column("body", LargeBinary, nullable=False),
    _instant("received_at"),
)

statement_lines = Table(
    "statement_lines",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("line_key", Text, primary_key=True),
    _text("kind"),
    _text("operator_ref"),
    _text("attempt_id", nullable=True),
    Column("francs", Integer, nullable=False),
    _instant("at"),
    _text("payer"),
)

statements = Table(
    "statements",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("since", DateTime(timezone=True), primary_key=True),
    _instant("until"),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("subscriber", Text, primary_key=True),
    _text("lang"),
    _instant("updated_at"),
)

alarms = Table(
    "alarms",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("alarm", Text, primary_key=True),
    _instant("raised_at"),
)

operator_tokens = Table(
    "operator_tokens",
    metadata,
    Column("operator", Text, primary_key=True),
    _text("bearer"),
    _instant("expires_at"),
)

expectations = Table(
    "expectations",
    metadata,
    Column("bill_number", Text, ForeignKey("bills.bill_number"), nullable=False),
    _text("operator"),
    Column("francs", Integer, nullable=False),
    _text("payer"),
    _text("caller"),
    _text("lang"),
    Column("channel", Text, primary_key=True),
    Column("session_key", Text, primary_key=True),
    Column("turn", Integer, primary_key=True),
    _instant("created_at"),
)

callback_events = Table(
    "callback_events",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    _instant("received_at"),
)

statement_files = Table(
    "statement_files",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    _instant("imported_at"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempts.attempt_id"), primary_key=True),
    _text("reason"),
    _text("proposed_by"),
    _instant("proposed_at"),
    _text("confirmed_by", nullable=True),
    _instant("confirmed_at", nullable=True),
)

operator_health = Table(
    "operator_health",
    metadata,
    Column("operator", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    _instant("down_until", nullable=True),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("subscriber", Text, primary_key=True),
    _text("session"),
    _instant("saved_at"),
)

journeys = Table(
    "journeys",
    metadata,
    Column("session_key", Text, primary_key=True),
    _text("channel"),
    _text("lang"),
    _text("errand"),
    _text("screen"),
    _text("reason"),
    Column("turns", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    _instant("started_at"),
)

inbound_messages = Table(
    "inbound_messages",
    metadata,
    Column("inbound_id", BigInteger, Identity(always=True), primary_key=True),
    _text("provider"),
    _text("provider_id"),
    _text("subscriber", nullable=True),
    _text("sender"),
    _text("recipient"),
    _text("text"),
    _instant("typed_by"),
    _instant("received_at"),
    _instant("handled_at", nullable=True),
    _text("outcome", nullable=True),
    _text("session_id", nullable=True),
    Column("ends", Boolean, nullable=False, server_default="false"),
)

optouts = Table(
    "optouts",
    metadata,
    Column("subscriber", Text, primary_key=True),
    _instant("stopped_at"),
)
