"""One process that holds everything: our application over PostgreSQL, and a world full of faults.

Virtual time, one seeded pair of dice, one thread. The Flask application, the use cases, the
dialogue and the SQL are the real ones; the operator, the SMS provider, Redis and the citizens are
simulated. The same seed gives the same trace, to the letter.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import cast
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import text

from domain.money import Money
from domain.msisdn import Msisdn
from sms import failover
from sms.gateway import Posted, Refused, Report, Result, Sent, Unknown
from tests.simulation.bank import Bank
from tests.simulation.citizen import CODE, Citizen
from tests.simulation.clock import Clock
from tests.simulation.faults import Fault
from tests.simulation.machine import DeathError, Mortal
from tests.simulation.memory import Memory
from ussd_app.store.bills import Register
from ussd_app.store.database import Database, DatabaseError
from ussd_app.store.redis import Store
from ussd_app.store.tables import metadata
from ussd_app.usecases import amend_bill, drain, journeys, record_fine
from ussd_app.usecases.context import Context

FORM = "application/x-www-form-urlencoded"
CITIZENS, FINES = 3, 3
OFFENCES = ("demo_parking", "demo_red_light", "demo_helmet")


class World:
    """Everything of one seed."""

    def __init__(self, app: Flask, context: Context, seed: int) -> None:
        self.seed = seed
        self.dice = Random(seed)  # noqa: S311  # a story told again is what they are for
        self.clock = Clock()
        self.met: Counter[Fault] = Counter()
        self.calm = True
        self._trace = hashlib.sha256()
        self.story: list[str] = []
        self.looked_at = -1  # what was written when the invariants were last looked at
        self.bank = Bank(
            self.dice, self.clock, self._ring, met=self.meet, stall=self._stall, known=self._known
        )
        self.memory = Memory(self.clock.read)
        self.memory.begins()
        self.database = context.db  # the invariants', which never dies
        self.machine = Mortal(context.db, self._perhaps_die)
        self.sms_down = False
        self.delivered: list[tuple[str, str]] = []
        self._app = app
        self.context = self._context(context)
        app.extensions["sarali"] = self.context
        _truncate(context.db)
        self._armed = False
        self._stalled = 0
        self.bills = [record_fine.record_fine(self.context, o, None) for o in OFFENCES[:FINES]]
        numbers = [bill.bill_number for bill in self.bills]
        self.citizens = [
            Citizen(
                f"+2237{self.dice.randrange(10**7):07d}", [numbers[n], numbers[(n + 1) % FINES]]
            )
            for n in range(CITIZENS)
        ]
        self.calm = False

    def note(self, line: str) -> None:
        """Write a line of the story, which is the trace."""
        self.story.append(f"{self.clock.now():%H:%M:%S.%f} {line}")
        self._trace.update(self.story[-1].encode())

    @property
    def trace(self) -> str:
        """The digest of everything that happened."""
        return self._trace.hexdigest()

    def turn(self, citizen: Citizen, typed: tuple[str, ...]) -> str | None:
        """Send a turn; return the screen, or None when nothing came back."""
        if typed not in citizen.sent:
            citizen.sent.append(typed)
        fields = {
            "sessionId": citizen.session_id, "phoneNumber": citizen.number, "networkCode": "61002",
            "serviceCode": CODE, "text": "*".join(typed),
        }  # fmt: skip
        screen = self._post("/ussd/africastalking", fields)
        self.note(f"{citizen.number} {'*'.join(typed)} -> {screen!r}")
        return screen

    def hang_up(self, citizen: Citizen, status: str) -> None:
        """Have the gateway say that the session is over."""
        fields = {"sessionId": citizen.session_id, "phoneNumber": citizen.number, "status": status}
        self._post("/ussd/africastalking/events", fields)
        self.note(f"{citizen.number} hangs up: {status}")

    def work(self) -> None:
        """Let a worker do what is due."""
        self.memory.awake = False
        self._alive("worker", lambda: drain.drain(self.context, threads=1))

    def sweep(self) -> None:
        """Let the sweeper make a round."""
        self._alive("sweeper", self._round)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds)
        self.note("time passes")

    def unrest(self) -> bool:
        """Whether an attempt is open, a message unsent, or the operator not done yet."""
        with self.database.read() as tx:
            opened = tx.execute(_UNREST).scalar_one()
            told_until = tx.execute(_CLOSED).scalar_one()
        moved = [one.reversed_at or one.at for one in self.bank.charges]
        untold = bool(moved) and (told_until is None or told_until <= max(moved))
        return bool(opened) or untold or self.clock.expects

    def change_bill(self, bill_number: str, fault: Fault) -> None:
        """The authority cancels what is due, or makes it dearer."""
        if fault is Fault.BILL_CANCELLED:
            done = amend_bill.cancel(self.context, bill_number)
        else:
            with self.context.db.read() as tx:
                bill = Register(tx).find_bill(bill_number)
            assert bill is not None
            dearer = Money(bill.amount.francs + 500)
            done = amend_bill.alter(self.context, bill_number, dearer)
        if done:
            self.meet(fault)

    def _round(self) -> None:
        self.memory.recall()
        if not self._armed:
            drain.arm(self.context)
            self._armed = True
        if drain.overdue(self.context, timedelta(seconds=2)):
            drain.drain(self.context, threads=1)
        journeys.collect_over(self.context)

    def _stall(self) -> None:
        """A worker waits for longer than its claim lasts: another takes over meanwhile."""
        self.note("a worker stalls")
        self.clock.advance(self.context.pace.lease + 1)
        if self._stalled < _STALLED_MAX:
            self._stalled += 1
            self.work()
            self._stalled -= 1

    def _known(self, operator_ref: str) -> bool:
        """Whether we have learned that a transaction took money."""
        with self.database.read() as tx:
            return bool(tx.execute(_KNOWN, {"ref": operator_ref}).scalar_one())

    def _alive(self, who: str, deed: Callable[[], object]) -> None:
        try:
            deed()
        except DeathError as death:
            self.note(f"the {who} died: {death}")
        except DatabaseError:
            self.note(f"the {who} found no database")

    def _post(self, path: str, fields: dict[str, str]) -> str | None:
        try:
            answer = self._app.test_client().post(path, data=fields, content_type=FORM)
        except DeathError as death:
            self.note(f"the web died: {death}")
            return None
        assert answer.status_code in {200, 503}, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def _ring(self, url: str, body: bytes) -> None:
        try:
            answer = self._app.test_client().post(urlsplit(url).path, data=body)
        except DeathError:
            return
        assert answer.status_code in {200, 202, 503}, answer.status_code

    def _send(self, to: Msisdn, words: str) -> Sent | Refused | Unknown:
        if self.sms_down:
            self.meet(Fault.SMS_DOWN)
            return Unknown("down")
        if not self.calm and self.dice.random() < 0.1:
            self.meet(Fault.SMS_UNKNOWN)
            if self.dice.random() < 0.5:
                self.delivered.append((to.e164, words))
            return Unknown("silent")
        self.delivered.append((to.e164, words))
        return Sent(f"sms-{len(self.delivered)}")

    def meet(self, fault: Fault) -> None:
        """Count a fault that happened."""
        self.met[fault] += 1
        self.note(f"fault: {fault}")

    def _perhaps_die(self, where: str) -> None:
        if self.calm or self.dice.random() >= 0.01:
            return
        self.meet(_DEATHS.get(where, Fault.DIED_AT_LABEL))
        raise DeathError(where)

    def _context(self, context: Context) -> Context:
        return replace(
            context,
            db=cast("Database", self.machine),
            redis=cast("Store", self.memory),
            transport=self.bank,
            sms=failover.alone(_Provider(self._send), failover.PRODUCTION),
            now=self.clock.read,
            below=self.dice.randrange,
            new_id=lambda: f"{self.dice.getrandbits(128):032x}",
            checkpoint=self._perhaps_die,
            edition=replace(context.edition, day=self.clock.now().date()),
        )


_STALLED_MAX = 2  # workers that wait at once
_KNOWN = text("SELECT EXISTS (SELECT FROM evidence WHERE kind = 'paid' AND operator_ref = :ref)")
_CLOSED = text("SELECT max(until) FROM statements")
_UNREST = text("""
    SELECT (SELECT count(*) FROM attempts
            WHERE status IN ('created', 'submitting', 'unknown', 'pending'))
         + (SELECT count(*) FROM messages WHERE status IN ('queued', 'sending', 'unknown'))
""")


class _Provider:
    code = "africastalking"
    price: Decimal | None = None
    named = False
    reports = False

    def __init__(self, send: Callable[[Msisdn, str], Result]) -> None:
        self._send = send

    def send(self, to: Msisdn, text: str, key: str = "") -> Result:
        del key
        return self._send(to, text)

    def read_reports(self, posted: Posted) -> tuple[Report, ...]:
        del posted
        return ()


_DEATHS = {
    "before commit": Fault.DIED_BEFORE_COMMIT,
    "after commit": Fault.DIED_AFTER_COMMIT,
}


def _truncate(database: Database) -> None:
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with database.begin() as tx:
        tx.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
