"""A citizen who gives a payment up, so as to pay another way.

Revision ID: 0005
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMN = """
-- Wished, not done: the operator is asked to close the attempt, and only its answer ends it.
ALTER TABLE attempts ADD COLUMN cancel_wanted boolean NOT NULL DEFAULT false;
"""


def upgrade() -> None:
    """Make the column."""
    op.execute(COLUMN)
