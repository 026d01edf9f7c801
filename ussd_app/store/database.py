"""Connections and transactions. A transaction is short and never waits for the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_POOL_SIZE = 10  # a web process answers 8 turns at once
_OPTIONS = "-c statement_timeout=5000 -c lock_timeout=3000 -c timezone=UTC"


Tx = Connection  # one transaction, as use cases pass it around
DatabaseError = SQLAlchemyError


class Database:
    """One PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            url,
            pool_size=_POOL_SIZE,
            max_overflow=0,
            pool_timeout=3,
            pool_pre_ping=True,
            connect_args={"options": _OPTIONS, "connect_timeout": 3},
            # Whether a row was really inserted is what keeps numbers unique and facts single.
            execution_options={"preserve_rowcount": True},
            hide_parameters=True,  # an error is logged without what was being written
        )

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction: committed at the end, rolled back by any exception."""
        with self._engine.begin() as tx:
            yield tx

    def migrate(self) -> None:
        """Bring the schema to the newest revision.

        Raises:
            DatabaseError: the database cannot be reached, or a migration failed; the revision
                it failed in is rolled back whole.
        """
        with self._engine.connect() as connection:
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def ready(self) -> bool:
        """Whether the database answers and its schema is the one this code was written for."""
        try:
            with self._engine.connect() as connection:
                found = connection.execute(text("SELECT version_num FROM alembic_version"))
                return found.scalar_one_or_none() == head()
        except SQLAlchemyError:
            return False

    def one_at_a_time(self, tx: Tx, key: str) -> None:
        """Hold `key` until the transaction ends: two copies of one turn must not both create."""
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def head() -> str | None:
    """Return the newest revision of migrations/."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
