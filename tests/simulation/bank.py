"""An operator that speaks Orange Money `mp` and has every bad habit, in virtual time.

Its charges are the oracle: what it really took from wallets. It never invents a second debit for a
payToken, and answers a payToken used again as the document says.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from urllib.parse import parse_qs, unquote, urlsplit

from payments.operators.base import Answer, HttpRequest, NoAnswer, Outcome
from tests.simulation.clock import Clock
from tests.simulation.faults import Fault
from tests.simulation.reports import Charge, Reports

EXPIRY = 20.0
TOO_SOON = timedelta(seconds=60)


@dataclass(frozen=True)
class Asked:
    """A debit we asked for, whatever came of it."""

    attempt_id: str
    bill_number: str
    francs: int


@dataclass
class Payment:
    """What stands under one payToken."""

    token: str
    word: str = "INITIATED"
    order: dict[str, str] = field(default_factory=dict)
    charge: Charge | None = None
    shown: bool = True


class Bank:
    """See the module. `ring` posts a callback, `met` counts a fault that happened."""

    def __init__(
        self,
        dice: Random,
        clock: Clock,
        ring: Callable[[str, bytes], None],
        *,
        met: Callable[[Fault], None],
        stall: Callable[[], None],
        known: Callable[[str], bool],
    ) -> None:
        self.charges: list[Charge] = []
        self.orders: list[Asked] = []
        self.asked: Counter[str] = Counter()  # how often a debit was asked for, by attempt
        self.calm = False  # no new trouble
        self.down_until = clock.now()
        self.failed: set[str] = set()  # the attempts it said had failed
        self._dice, self._clock, self._ring, self._met = dice, clock, ring, met
        self._stall = stall
        self._reports = Reports(self.charges, clock, met, known)
        self._taken: dict[tuple[str, str], datetime] = {}  # when who was last asked for how much
        self._payments: dict[str, Payment] = {}
        self._bearers: set[str] = set()

    def __call__(self, request: HttpRequest) -> Outcome:
        """Answer a request; what it does may go on happening later."""
        if self._chance(0.015, Fault.WORKER_STALLED):
            self._stall()
        return self._answer(request)

    def _answer(self, request: HttpRequest) -> Outcome:  # noqa: PLR0911  # one way out each
        parts = urlsplit(request.url)
        if self._clock.now() < self.down_until:
            self._met(Fault.OPERATOR_DOWN)
            return self._dice.choice((NoAnswer.NOT_SENT, NoAnswer.LOST, Answer(503, b"")))
        if parts.path.endswith("/token"):
            return self._token()
        if request.headers["Authorization"].removeprefix("Bearer ") not in self._bearers:
            return Answer(401, b"{}")
        if parts.path.endswith("/mp/init"):
            return self._init()
        if parts.path.endswith("/mp/pay"):
            return self._pay(json.loads(request.body))
        if parts.path == "/reports":
            return self._report(datetime.fromisoformat(parse_qs(parts.query)["since"][0]))
        return self._status(unquote(parts.path.rpartition("/")[2]), push="/push/" in parts.path)

    def revoke(self) -> None:
        """Forget every bearer."""
        self._bearers.clear()

    def _chance(self, share: float, fault: Fault) -> bool:
        if self.calm or self._dice.random() >= share:
            return False
        self._met(fault)
        return True

    def _token(self) -> Outcome:
        bearer = f"bearer-{self._dice.getrandbits(64):x}"
        self._bearers.add(bearer)
        return _ok({"access_token": bearer, "token_type": "Bearer", "expires_in": 3600})

    def _init(self) -> Outcome:
        if self._chance(0.05, Fault.KEY_REFUSED):
            return self._dice.choice((NoAnswer.LOST, Answer(500, b""), Answer(417, b"{}")))
        payment = Payment(f"MP{self._dice.getrandbits(64):x}")
        self._payments[payment.token] = payment
        return _ok({"message": "ok", "data": {"payToken": payment.token}})

    def _pay(self, order: dict[str, str]) -> Outcome:  # noqa: PLR0911  # one way out each
        attempt_id = order["orderId"]
        if self._chance(0.03, Fault.NEVER_REACHED):
            return NoAnswer.NOT_SENT
        self.asked[attempt_id] += 1
        self.orders.append(Asked(attempt_id, order["description"], int(order["amount"])))
        if self._chance(0.04, Fault.REPLY_LOST_UNDEBITED):
            return NoAnswer.LOST
        if self._chance(0.03, Fault.SERVER_ERROR_UNDEBITED):
            return Answer(500, b"")
        if self._too_soon(order):
            return Answer(429, b"")
        payment = self._payments[order["payToken"]]
        if payment.order:
            return Answer(417, b'{"message": "Le payToken a deja ete utilise"}')
        payment.order = order
        payment.word = "PENDING"
        if self._chance(0.06, Fault.POOR):
            payment.word = "FAILED"
            self.failed.add(attempt_id)
            return Answer(417, b'{"message": "60019 :: Le solde est insuffisant"}')
        self._plan(payment)
        if self._chance(0.06, Fault.REPLY_LOST_DEBITED):
            return NoAnswer.LOST
        if self._chance(0.04, Fault.SERVER_ERROR_DEBITED):
            return Answer(502, b"")
        return _ok({"message": "ok", "data": _data(payment)})

    def _too_soon(self, order: dict[str, str]) -> bool:
        """Whether the same number is asked for the same amount again: taken for a mistake."""
        now, same = self._clock.now(), (order["subscriberMsisdn"], order["amount"])
        soon = not self.calm and now - self._taken.get(same, now - TOO_SOON) < TOO_SOON
        if soon:
            self._met(Fault.TOO_SOON)
        else:
            self._taken[same] = now
        return soon

    def _plan(self, payment: Payment) -> None:
        """Decide what the citizen and the operator do next, and when."""
        later, soon = self._clock.later, self._dice.uniform(0.2, 12.0)
        if self._chance(0.08, Fault.BUSY):
            payment.shown = False
            later(EXPIRY, lambda: self._end(payment, "EXPIRED"))
        elif self._chance(0.08, Fault.REFUSED):
            later(soon, lambda: self._end(payment, "CANCELLED"))
        elif self._chance(0.06, Fault.EXPIRED):
            later(EXPIRY, lambda: self._end(payment, "EXPIRED"))
        elif self._chance(0.06, Fault.LATE_SUCCESS):
            later(soon, lambda: self._end(payment, "FAILED"))
            later(soon + self._dice.uniform(1, 40), lambda: self._debit(payment))
        elif self._chance(0.1, Fault.CALLBACK_EARLY):
            self._debit(payment)
        else:
            later(soon, lambda: self._debit(payment))

    def _end(self, payment: Payment, word: str) -> None:
        if payment.charge is None and payment.word in {"PENDING", "EN_COURS"}:
            payment.word = word
            self.failed.add(payment.order["orderId"])
            self._call_back(payment)

    def _debit(self, payment: Payment) -> None:
        if payment.charge is not None:
            return
        francs = int(payment.order["amount"])
        if self._chance(0.04, Fault.WRONG_AMOUNT):
            francs += self._dice.choice((-500, 500)) if francs > 500 else 500
        payment.charge = Charge(
            operator_ref=f"T{len(self.charges):05d}.{self._dice.getrandbits(16):04x}",
            attempt_id=payment.order["orderId"],
            bill_number=payment.order["description"],
            payer=payment.order["subscriberMsisdn"],
            francs=francs,
            at=self._clock.now(),
        )
        self.charges.append(payment.charge)
        payment.word = "SUCCESSFULL"
        self._call_back(payment)
        if self._chance(0.06, Fault.REVERSAL):
            self._clock.later(self._dice.uniform(1, 40), lambda: self._reverse(payment))

    def _reverse(self, payment: Payment) -> None:
        if payment.charge is not None:
            payment.charge.reversed_at = self._clock.now()

    def _call_back(self, payment: Payment) -> None:
        body = json.dumps({"payToken": payment.token, "status": payment.word}).encode()
        url, later = payment.order["notifUrl"], self._clock.later
        if self._chance(0.15, Fault.CALLBACK_LOST):
            return
        if self._chance(0.1, Fault.CALLBACK_FORGED):
            later(0.1, lambda: self._ring(url, b'{"status": "SUCCESSFULL", "amount": "1"}'))
        if self._chance(0.1, Fault.CALLBACK_STRAY):
            later(0.1, lambda: self._ring(url[:-4] + "0000", body))
        if self._chance(0.15, Fault.CALLBACK_DOUBLED):
            later(self._dice.uniform(0, 5), lambda: self._ring(url, body))
        late = self._chance(0.15, Fault.CALLBACK_LATE)
        later(self._dice.uniform(20, 90) if late else 0.1, lambda: self._ring(url, body))

    def _status(self, token: str, *, push: bool) -> Outcome:
        if self._chance(0.08, Fault.INQUIRY_LOST):
            return self._dice.choice((NoAnswer.LOST, NoAnswer.NOT_SENT, Answer(500, b"")))
        payment = self._payments.get(token)
        if payment is None or not payment.order:
            self._met(Fault.NOT_FOUND)
            return Answer(417, b'{"message": "payToken introuvable"}')
        if push and not payment.shown and payment.word == "PENDING":
            payment.shown = True
            self._clock.later(self._dice.uniform(0.2, 5), lambda: self._debit(payment))
        data = _data(payment)
        if self._chance(0.05, Fault.UNKNOWN_WORD):
            data["status"] = "EN_COURS_DE_TRAITEMENT"
        return _ok({"message": "ok", "data": data})

    def _report(self, since: datetime) -> Outcome:
        until = self._reports.closed()
        if until <= since or self._chance(0.1, Fault.STATEMENT_LATE):
            return Answer(404, b"no closed period")
        return Answer(200, self._reports.write(since, until, calm=self.calm))


def _data(payment: Payment) -> dict[str, object]:
    charge = payment.charge
    return {
        "payToken": payment.token,
        "txnid": charge.operator_ref if charge else None,
        "inittxnstatus": "200" if payment.shown else "515",
        "status": payment.word,
        "amount": str(charge.francs if charge else payment.order["amount"]),
    }


def _ok(document: object) -> Answer:
    return Answer(200, json.dumps(document).encode())
