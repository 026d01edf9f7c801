"""What the simulated operator states, closed every ten seconds; and what it states wrongly.

Its oddities fall by the clock and by the ids, and throw no dice: the stories of all seeds go on as
they were. None of them may move a franc of ours; people are told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.simulation.clock import Clock
from tests.simulation.faults import Fault

PERIOD = timedelta(seconds=10)
_STRAY_EVERY, _REUSED_EVERY, _SILENT_EVERY = 7, 5, 6  # periods, periods, charges


@dataclass
class Charge:
    """Money that left a wallet; a stray one is of no attempt and no bill."""

    operator_ref: str
    attempt_id: str
    bill_number: str
    payer: str
    francs: int
    at: datetime
    reversed_at: datetime | None = None


class Reports:
    """`known` says whether we have learned of a payment: only of such may the report be silent.

    A stray credit joins the `charges`: it is real money, which the books must hold as well.
    """

    def __init__(
        self,
        charges: list[Charge],
        clock: Clock,
        met: Callable[[Fault], None],
        known: Callable[[str], bool],
    ) -> None:
        self._charges, self._clock, self._met, self._known = charges, clock, met, known
        self._unstated: set[str] = set()

    def closed(self) -> datetime:
        """The end of the last closed period."""
        now = self._clock.now()
        return now - timedelta(seconds=now.timestamp() % PERIOD.total_seconds())

    def write(self, since: datetime, until: datetime, *, calm: bool) -> bytes:
        """Return the report of a period; `calm`: nothing new happens to it."""
        if not calm and self._falls(until, _STRAY_EVERY):
            self._stray(since, until)
        rows = [
            f"# period;{since.isoformat()};{until.isoformat()};closed",
            "kind;at;txnid;order_id;msisdn;amount;reversed_txnid",
        ]
        for one in self._charges:
            tail = f"{one.attempt_id};{one.payer};{one.francs}"
            if since <= one.at < until and not self._silent(one):
                rows.append(f"CREDIT;{_utc(one.at)};{one.operator_ref};{tail};")
            if one.reversed_at is not None and since <= one.reversed_at < until:
                ref = one.operator_ref
                rows.append(f"REVERSAL;{_utc(one.reversed_at)};R{ref};{tail};{ref}")
        if not calm and self._falls(until, _REUSED_EVERY):
            rows += self._used_again(since)
        return "\n".join(rows).encode()

    def _stray(self, since: datetime, until: datetime) -> None:
        """Somebody paid by the merchant code, and told nobody what for."""
        ref = f"S{int(until.timestamp())}"
        if all(one.operator_ref != ref for one in self._charges):
            self._met(Fault.STRAY_CREDIT)
            at = max(since, until - timedelta(seconds=1))
            self._charges.append(Charge(ref, "", "", "70999999", 3000, at))

    def _used_again(self, since: datetime) -> list[str]:
        """The line of a transaction stated before, with other words."""
        stated = [one for one in self._charges if one.at < since and not self._silent(one)]
        if not stated:
            return []
        self._met(Fault.REF_REUSED)
        return [f"CREDIT;{_utc(since)};{stated[-1].operator_ref};;70999999;2500;"]

    def _silent(self, charge: Charge) -> bool:
        """Told when it was asked about, and in no report ever."""
        ref = charge.operator_ref
        odd = bool(charge.attempt_id) and int(ref[1:6]) % _SILENT_EVERY == 1
        if odd and ref not in self._unstated and self._known(ref):
            self._met(Fault.CREDIT_UNSTATED)
            self._unstated.add(ref)
        return ref in self._unstated

    def _falls(self, until: datetime, every: int) -> bool:
        return int(until.timestamp() / PERIOD.total_seconds()) % every == 0


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
