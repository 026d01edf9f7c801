"""Money nobody can be found for stands in the books, and people may see who sent it.

Revision ID: 0007
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHANGES = """
-- No bill: a credit of a statement that is nobody's. Answered by its inverse if an owner shows up.
ALTER TABLE entries ALTER COLUMN bill_number DROP NOT NULL;
CREATE INDEX entries_unowned ON entries (operator, operator_ref) WHERE bill_number IS NULL;

ALTER TABLE statement_lines ADD COLUMN payer text NOT NULL DEFAULT '';
ALTER TABLE statement_lines ALTER COLUMN payer DROP DEFAULT;
CREATE INDEX statement_lines_by_ref ON statement_lines (operator, operator_ref);

-- How often somebody was told to dial counts against the limits of a day.
CREATE INDEX expectations_by_caller ON expectations (caller, created_at);
CREATE INDEX expectations_to_payer ON expectations (payer, created_at);
"""


def upgrade() -> None:
    """Make the columns and the indexes."""
    op.execute(CHANGES)
