"""The schema of the migrations is the one the code was written for."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from ussd_app.store.database import MIGRATIONS, head
from ussd_app.store.tables import metadata
from ussd_app.usecases.context import Context

# tables.py is what SQLAlchemy needs to write statements. Indexes and unique keys are written once,
# in the migration, so there the database knows more than the metadata.
ONLY_IN_MIGRATIONS = {"remove_index", "remove_constraint"}


def test_the_migrations_make_the_tables_that_the_code_knows(context: Context) -> None:
    with context.db.begin() as tx:
        options = {"compare_type": True, "compare_server_default": True}
        differences = compare_metadata(MigrationContext.configure(tx, opts=options), metadata)
    unexplained = [found for found in differences if _operation(found) not in ONLY_IN_MIGRATIONS]
    assert not unexplained


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_a_table_has_the_primary_key_that_the_code_knows(context: Context, name: str) -> None:
    with context.db.begin() as tx:
        key = inspect(tx).get_pk_constraint(name)["constrained_columns"]
    assert key == [column.name for column in metadata.tables[name].primary_key]


def test_the_file_of_the_current_head_names_the_head() -> None:
    named = Path(MIGRATIONS / ".current-head").read_text("utf-8")
    assert named == f"{head()}\n"


def test_migrating_twice_is_harmless(context: Context) -> None:
    with context.db.begin() as tx:
        tx.execute(text("INSERT INTO subscribers VALUES ('somebody', 'bm', now())"))
    context.db.migrate()
    context.db.migrate()
    with context.db.begin() as tx:
        revision = tx.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        kept = tx.execute(text("SELECT lang FROM subscribers")).scalars().all()
    assert (revision, kept) == ([head()], ["bm"])
    assert context.db.ready()


def _operation(difference: object) -> str:
    """A difference is a tuple, or a list of tuples that change one column."""
    first = difference[0] if isinstance(difference, list) else difference
    return str(first[0]) if isinstance(first, tuple) else str(first)
