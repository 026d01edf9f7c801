"""Connections and transactions. A transaction is short and never waits for the network.

Every wait is bounded: for a connection, for a lock, for a statement, and for a server that no
longer answers at all. A USSD gateway hangs up after ten seconds, whatever the reason was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_POOL_SIZE = 10  # a web process answers 8 turns at once
_CONNECT_S = 3
_OPTIONS = (
    "-c statement_timeout=4000 -c lock_timeout=3000 -c timezone=UTC"
    # Nobody but one who is gone thinks for so long; the locks must not be kept for a ghost, whose
    # connection the server would believe in for hours.
    " -c idle_in_transaction_session_timeout=6000"
    # What is asked is a few rows, by an index: starting processes for them takes 4 times as long.
    " -c max_parallel_workers_per_gather=0"
)
_PATIENT = "-c lock_timeout=10000 -c timezone=UTC"  # an index of millions of rows takes its time
_NOTES = "-c synchronous_commit=off"  # a note need not wait for the disk
_FROZEN_S = 5.0  # the server stops a statement after 4: one silent longer is not there any more
_Value = TypeVar("_Value")

Tx = Connection  # one transaction, as use cases pass it around
DatabaseError = SQLAlchemyError


class Database:
    """One PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _engine(url)
        # Readings and notes have connections of their own, which need not be set right before each.
        self._single = _engine(url, _NOTES, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """Open a transaction: committed at the end, rolled back by any exception."""
        with self._engine.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Open a connection for one reading statement, which needs no BEGIN and no COMMIT."""
        with self._single.connect() as tx:
            yield tx

    @contextmanager
    def note(self) -> Iterator[Tx]:
        """Open a connection for one writing statement whose loss, with the power, is no harm."""
        with self._single.connect() as tx:
            yield tx

    def migrate(self) -> None:
        """Bring the schema to the newest revision.

        Raises:
            DatabaseError: the database cannot be reached, or a migration failed; the revision
                it failed in is rolled back whole.
        """
        patient = create_engine(self._url, poolclass=NullPool, connect_args={"options": _PATIENT})
        with patient.connect() as connection:
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
        except DatabaseError:
            return False

    def one_at_a_time(self, tx: Tx, key: str) -> None:
        """Hold `key` until the transaction ends: two copies of one turn must not both create."""
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        self._single.dispose()


def went_stale(error: DatabaseError) -> bool:
    """Whether a pooled connection had died since its last use, so that trying again is worth it."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated and not isinstance(error.orig, _FrozenError)


def head() -> str | None:
    """Return the newest revision of migrations/."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


class _FrozenError(psycopg.OperationalError):
    """The server has said nothing for longer than it may."""


class _Connection(psycopg.Connection[Any]):
    """A connection whose every wait ends."""

    def wait(
        self,
        gen: PQGen[_Value],
        interval: float = 0.1,
        timeout: float | None = None,
    ) -> _Value:
        try:
            return super().wait(gen, interval, timeout or _FROZEN_S)
        except psycopg.errors._WaitTimeout as error:  # noqa: SLF001  # what psycopg raises here
            self.pgconn.finish()  # its state is unknown, and closing politely would wait again
            raise _FrozenError("the server does not answer") from error


def _engine(url: str, own: str = "", **options: Any) -> Engine:  # noqa: ANN401  # as create_engine takes them
    engine = create_engine(
        url,
        pool_size=_POOL_SIZE,
        max_overflow=0,
        pool_timeout=_CONNECT_S,
        connect_args={"options": f"{_OPTIONS} {own}".strip(), "connect_timeout": _CONNECT_S},
        # Whether a row was really inserted is what keeps numbers unique and facts single.
        execution_options={"preserve_rowcount": True},
        hide_parameters=True,  # an error is logged without what was being written
        **options,
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def _connect(_dialect: object, _record: object, args: Any, options: Any) -> _Connection:  # noqa: ANN401  # as SQLAlchemy hands them over
    return _Connection.connect(*args, **options)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
