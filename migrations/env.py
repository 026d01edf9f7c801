"""Alembic runs over the connection the caller put in its attributes; there is no other mode."""

from alembic import context

from ussd_app.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
