"""A running sandbox to travel in: telephones, bills and receipts in every state.

All of it goes through the public doors, except that an authority cancels a bill, which has no door
yet: the product's own act is called.
"""

import itertools
import re
from collections.abc import Mapping

from domain import check_digits
from sandbox.world import World
from tests.e2e.atlas import Atlas
from tests.e2e.audit import Audit, wait_for
from tests.e2e.traveller import Logbook, Telephone, Traveller
from ussd_app.store.bills import Register
from ussd_app.store.database import Database

PAYS, POOR, REFUSES, SILENT, REVERSED, OVERCHARGED = "00", "10", "11", "12", "41", "42"
OTHER_NUMBER = "76123400"
_RECEIPT_NUMBER = re.compile(r"\*9\*([0-9]{16})#")


class Land:
    """One sandbox, seen in the languages of its atlases."""

    def __init__(self, world: World, atlases: Mapping[str, Atlas]) -> None:
        self.world = world
        self.audit = Audit(world)
        self.atlases = atlases
        self.logs = {lang: Logbook() for lang in atlases}
        self._count = itertools.count(1)

    def newcomer(self, lang: str, fate: str = PAYS, *, prefix: str = "7") -> Traveller:
        """Return somebody who never dialled; what their wallet does is in their number."""
        number = f"+223{prefix}{next(self._count):05}{fate}"
        phone = Telephone(self.world.base_url, number)
        return Traveller(self.atlases[lang], phone, self.logs[lang])

    def resident(self, lang: str, fate: str = PAYS, *, prefix: str = "7") -> Traveller:
        """Return somebody who has chosen their language and hung up."""
        traveller = self.newcomer(lang, fate, prefix=prefix)
        assert traveller.dial() == "language"
        assert traveller.type(traveller.atlas.language_key()) == "home"
        return traveller

    def payer(self, lang: str, fate: str, bill_number: str = "") -> Traveller:
        """Return a resident who has just confirmed the payment of a fine, a new one if need be."""
        traveller = self.resident(lang, fate)
        assert traveller.dial("1", bill_number or self.due()) == "bill.confirm"
        assert traveller.type("1") == "pay.sent"
        return traveller

    def due(self) -> str:
        """Return the number of a bill nobody has paid."""
        return self.audit.fine().bill_number

    def under_way(self, lang: str) -> str:
        """Return the number of a bill whose payment waits for a citizen who does nothing."""
        bill_number = self.due()
        self.payer(lang, SILENT, bill_number)
        return bill_number

    def cancelled(self) -> str:
        """Return the number of a bill that its authority has taken back."""
        bill_number = self.due()
        database = Database(self.world.environ["DATABASE_URL"])
        with database.begin() as tx:
            assert Register(tx).cancel(bill_number)
        database.dispose()
        return bill_number

    def no_bill(self) -> str:
        """Return a well-formed number that no bill has."""
        return check_digits.append(f"{next(self._count):08}")

    def no_receipt(self) -> str:
        """Return a well-formed number that no receipt has."""
        return check_digits.append(f"{next(self._count):014}")

    def messages(self, traveller: Traveller, count: int) -> list[str]:
        """Wait until so many SMS have come to a traveller, and return them."""
        wait_for(f"{count} SMS", lambda: len(traveller.phone.inbox()) >= count, 60.0)
        return [sms.text for sms in traveller.phone.inbox()]

    def receipt_number(self, traveller: Traveller) -> str:
        """Wait for the receipt of what a traveller has paid, and return its number."""
        found = _RECEIPT_NUMBER.search(self.messages(traveller, 1)[0])
        assert found, traveller.phone.inbox()
        return found[1]
