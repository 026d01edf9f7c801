"""A machine that may die at any commit, and whose database may be away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from ussd_app.store.database import Database, Tx


class DeathError(BaseException):
    """The process is gone: nothing catches this, and nothing of its memory remains."""


class Mortal:
    """A `Database` whose commits are places to die at."""

    def __init__(self, database: Database, die: Callable[[str], None]) -> None:
        self._database = database
        self._die = die
        self.away = False
        self.written = 0  # how often something may have been

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        self._answer()
        self.written += 1
        with self._database.begin() as tx:
            yield tx
            self._die("before commit")
        self._die("after commit")

    @contextmanager
    def read(self) -> Iterator[Tx]:
        self._answer()
        with self._database.read() as tx:
            yield tx

    @contextmanager
    def note(self) -> Iterator[Tx]:
        self._answer()
        self.written += 1
        with self._database.note() as tx:
            yield tx

    def one_at_a_time(self, tx: Tx, key: str) -> None:
        self._database.one_at_a_time(tx, key)

    def ready(self) -> bool:
        return not self.away

    def _answer(self) -> None:
        if self.away:
            raise OperationalError("away", None, ConnectionError("the database is away"))
