"""The main job, played headless on a private world: what three citizens see.

Through HTTP only, and every step is checked: whoever changes what a citizen meets finds out here.
"""

import re
import sys
import tempfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3

from sandbox import paper
from sandbox.environment import USSD_CODE
from sandbox.home import SandboxError
from sandbox.phone import Phone, PhoneError, Screen, Sms
from sandbox.world import World

HTTP_TIMEOUT = 10.0  # seconds
SHORT = USSD_CODE.removesuffix("#")
RECEIPT_CODE = re.compile(re.escape(SHORT) + r"\*9\*([0-9]{16})#")
BILL_NUMBER = re.compile(r"\b[0-9]{10}\b")


class Citizen:
    """Somebody with a phone. Everything done and seen is printed, and checked."""

    def __init__(self, name: str, phone: Phone) -> None:
        self.name = name
        self._phone = phone

    def dials(self, code: str, *words: str) -> Screen:
        """Dial and check that the screen has these words. Raises SandboxError."""
        print(paper.deed(self.name, f"dials {code}"))
        return self._sees(self._phone.dial(code), words)

    def answers(self, typed: str, *words: str) -> Screen:
        """Type an answer and check that the next screen has these words. Raises SandboxError."""
        print(paper.deed(self.name, f"types {typed}"))
        return self._sees(self._phone.answer(typed), words)

    def receives(self, first: str, *words: str) -> Sms:
        """Wait for the SMS with the first words and check the others. Raises SandboxError."""
        print(paper.deed(self.name, "waits for the SMS"))
        sms = self._phone.wait_for_sms(first)
        print(paper.message(sms.sender, sms.text))
        _check_words(sms.text, words)
        return sms

    def _sees(self, screen: Screen, words: tuple[str, ...]) -> Screen:
        print(paper.screen(screen.text, over=screen.over))
        _check_words(screen.text, words)
        return screen


class Doors:
    """The public doors of Sarali."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._http = urllib3.PoolManager()

    def citizen(self, name: str, number: str) -> Citizen:
        """Give somebody a phone with this number."""
        return Citizen(name, Phone(self._base_url, number))

    def fine(self) -> tuple[str, int]:
        """Have an officer record a fine; return its number and its amount in francs."""
        bill = self._json("POST", "/sandbox/fines", json={})
        return str(bill["bill_number"]), int(bill["amount"])

    def charges(self, bill_number: str) -> list[int]:
        """Return the amounts that the operators really debited for this bill."""
        charges = self._json("GET", f"/sandbox/charges?bill_number={bill_number}")
        return [int(charge["amount"]) for charge in charges if not charge["reversed"]]

    def verification(self, receipt_number: str) -> str:
        """Return what the public page says of a receipt, as JSON text."""
        return str(self._json("GET", f"/v/{receipt_number}"))

    def _json(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        answer = self._http.request(
            method,
            self._base_url + path,
            headers={"Accept": "application/json"},
            timeout=HTTP_TIMEOUT,
            retries=False,
            **more,
        )
        if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            raise SandboxError(f"the demo stopped: {path} answered {answer.status}")
        return answer.json()


def play() -> None:
    """Play everything. Raises SandboxError at the first step that does not hold."""
    sys.stdout.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    print("Starting a private world...")
    with (
        tempfile.TemporaryDirectory(prefix="sarali-demo-") as folder,
        World(Path(folder) / "home") as world,
    ):
        doors = Doors(world.base_url)
        try:
            for scene in SCENES:
                scene(doors)
        except (PhoneError, urllib3.exceptions.HTTPError) as error:
            raise SandboxError(f"the demo stopped: {error}") from error
    print("\nEvery step held.")


def fine_in_french(doors: Doors) -> None:
    print(paper.scene("Awa pays a fine"))
    bill, amount = doors.fine()
    francs = _francs(amount)
    print(paper.deed("An officer", f"records a fine and hands over the number {bill}"))
    awa = doors.citizen("Awa", "+22370000001")
    screen = awa.dials(f"{SHORT}*1*{bill}#", f"Amende {bill}", francs, "Trésor Public", "1 Payer")
    _check(not screen.over, "nobody pays unseen")
    screen = awa.answers("1", "Orange Money")
    _check(screen.over, "the session ends before the operator asks for the code")
    sms = awa.receives("REÇU", bill, francs)
    receipt = _receipt_number(sms)
    _check(doors.charges(bill) == [amount], "her wallet was debited once, of the exact amount")
    awa.dials(f"{SHORT}*9*{receipt}#", "VALIDE", francs)
    said = doors.verification(receipt)
    _check("valid" in said and str(amount) in said, f"anyone can check it at /v/{receipt}")


def copy_in_bambara(doors: Doors) -> None:
    print(paper.scene("Bakary, in Bambara, asks for two copies of a birth certificate"))
    bakary = doors.citizen("Bakary", "+22376000002")
    bakary.dials(USSD_CODE, "Langue / Kan", "1 Fran", "2 Bamanankan")
    bakary.answers("2", "3 Dugulensèbènw")
    bakary.answers("3", "1 ", " 100")
    bakary.answers("1", "nimòrò")
    bakary.answers("1234", "san (")
    bakary.answers("1998", "1 Commune I", "98 ")
    bakary.answers("528", "Kopi")  # the keys of "kat"
    bakary.answers("2", "Kati", "200 F CFA", "Loi 2006-024", "1 A sara: Orange Money")
    screen = bakary.answers("1", "Orange Money", "SMS")
    _check(screen.over, "the session ends before the operator asks for the code")
    sms = bakary.receives("RESI", "200 F CFA", "sarala")
    _check(doors.charges(_bill_number(sms)) == [200], "his wallet was debited once, of 200")
    bakary.dials(f"{SHORT}*9*{_receipt_number(sms)}#", "Resi sèbè don", "200 F CFA")


def refusal(doors: Doors) -> None:
    print(paper.scene("Cheick is cut off, goes on, refuses on his phone, and is told"))
    bill, amount = doors.fine()
    cheick = doors.citizen("Cheick", "+22375000011")
    cheick.dials(USSD_CODE, "1 Fran")
    cheick.answers("1", "1 Payer une amende")
    cheick.answers("1", "10 chiffres")
    cheick.answers(bill, f"Amende {bill}", "1 Payer")
    print(paper.deed("The network", "drops the session"))
    cheick.dials(USSD_CODE, "1 Continuer", "2 Nouveau")
    cheick.answers("1", f"Amende {bill}", "1 Payer")
    cheick.answers("1", "Orange Money")
    cheick.receives("NON PAYÉ", bill, _francs(amount), "refusée")
    _check(doors.charges(bill) == [], "nothing was debited")
    cheick.dials(USSD_CODE, "n'a pas été fait")
    cheick.dials(f"{SHORT}*1*{bill}#", f"Amende {bill}", "1 Payer")


SCENES: tuple[Callable[[Doors], None], ...] = (fine_in_french, copy_in_bambara, refusal)


def _francs(amount: int) -> str:
    return f"{amount:,} F CFA".replace(",", " ")


def _receipt_number(sms: Sms) -> str:
    found = RECEIPT_CODE.search(sms.text)
    if found is None:
        raise SandboxError(f"the demo stopped: no code to check the receipt in {sms.text!r}")
    return found[1]


def _bill_number(sms: Sms) -> str:
    found = BILL_NUMBER.search(sms.text)
    if found is None:
        raise SandboxError(f"the demo stopped: no bill number in {sms.text!r}")
    return found[0]


def _check_words(text: str, words: tuple[str, ...]) -> None:
    for each in words:
        if each not in text:
            raise SandboxError(f"the demo stopped: {each!r} is missing above")


def _check(holds: bool, what: str) -> None:  # noqa: FBT001 - as in assert
    if not holds:
        raise SandboxError(f"the demo stopped, this is not so: {what}")
    print(paper.fact(what))
