"""The guards: what is written stays written, and numbers have no gap, whoever asks.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER evidence_append_only BEFORE UPDATE OR DELETE ON evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER callbacks_append_only BEFORE UPDATE OR DELETE ON callbacks
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statement_lines_append_only BEFORE UPDATE OR DELETE ON statement_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER operator_transactions_append_only
    BEFORE UPDATE OR DELETE ON operator_transactions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER receipts_no_delete BEFORE DELETE ON receipts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION receipts_only_cancel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.cancelled_at IS NOT NULL
       OR NEW.cancelled_at IS NULL
       OR (to_jsonb(NEW) - 'cancelled_at') IS DISTINCT FROM (to_jsonb(OLD) - 'cancelled_at') THEN
        RAISE EXCEPTION 'a receipt can only be cancelled, once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipts_only_cancel BEFORE UPDATE ON receipts
    FOR EACH ROW EXECUTE FUNCTION receipts_only_cancel();

-- A quittance series has no hole: it starts at 1, each number is the one after the last, and a
-- receipt carries the number its counter has just reached.
CREATE FUNCTION quittance_gapless() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (TG_OP = 'INSERT' AND NEW.last <> 1)
       OR (TG_OP = 'UPDATE' AND (NEW.last <> OLD.last + 1
           OR NEW.post <> OLD.post OR NEW.year <> OLD.year)) THEN
        RAISE EXCEPTION 'quittances are numbered one by one'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quittance_counters_gapless BEFORE INSERT OR UPDATE OR DELETE ON quittance_counters
    FOR EACH ROW EXECUTE FUNCTION quittance_gapless();

CREATE FUNCTION receipts_next_quittance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.quittance_number IS DISTINCT FROM (
        SELECT last FROM quittance_counters
        WHERE post = NEW.quittance_post AND year = NEW.quittance_year) THEN
        RAISE EXCEPTION 'a receipt carries the quittance its counter has reached'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipts_next_quittance AFTER INSERT ON receipts
    FOR EACH ROW EXECUTE FUNCTION receipts_next_quittance();
"""


def upgrade() -> None:
    """Make every guard."""
    op.execute(GUARDS)
