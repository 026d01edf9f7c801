"""Somebody with a telephone: what they see, what they press, and what they thereby agreed to."""

import re
from dataclasses import dataclass, field

AMOUNT = re.compile(r"([\d ]+) F CFA$", re.MULTILINE)
FINE = re.compile(r"^(?:Amende|Alamani) (\d{10})$", re.MULTILINE)
REQUEST = ""  # what is asked for has no number until it is paid
NUMBERS = re.compile(r"\b\d{10}\b")
CODE = "*789#"


@dataclass
class Citizen:
    """A handset in at most one session. `screen` is the last one that really arrived."""

    number: str
    bills: list[str]  # that they know of
    session_id: str = ""
    typed: tuple[str, ...] = ()
    screen: str = ""
    agreed: list[tuple[str, int]] = field(default_factory=list)  # bill, francs shown
    sent: list[tuple[str, ...]] = field(default_factory=list)  # each turn of this session

    @property
    def in_session(self) -> bool:
        return self.screen.startswith("CON")

    @property
    def asked_to_pay(self) -> tuple[str, int] | None:
        """The bill and the amount of the confirmation they look at."""
        pays = any(f"\n1 {verb}" in self.screen for verb in ("Payer", "A sara"))
        if not pays or not self.in_session:
            return None
        amount, fine = AMOUNT.search(self.screen), FINE.search(self.screen.removeprefix("CON "))
        if amount is None:
            return None
        return (fine[1] if fine else REQUEST, int(amount[1].replace(" ", "")))

    def dial(self, session_id: str, typed: tuple[str, ...]) -> None:
        self.session_id, self.typed, self.screen = session_id, typed, ""
        self.sent = []

    def press(self, key: str) -> None:
        """Type on the screen shown; the one key that pays is an agreement."""
        if key == "1" and (shown := self.asked_to_pay) is not None:
            self.agreed.append(shown)
        self.typed = (*self.typed, key)

    def foreign(self) -> set[str]:
        """The bills on the screen that are not theirs to know."""
        return set(NUMBERS.findall(self.screen)) - set(self.bills)
