"""Several operators at once, and one that answers for all of them as a test wishes."""

from dataclasses import replace
from urllib.parse import urlsplit

from payments.operators.base import Answer, HttpRequest, Outcome
from sandbox import operators
from tests.integration.web.bank import answer
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.words import words
from ussd_app.connectors import connect
from ussd_app.manuscripts import Shelf
from ussd_app.usecases.edition import publish

CODES = ("orange_mp", "orange_otp", "wave", "pi_spi")
LINK = "https://pay.wave.example/c/cos-1"
_NOBODY = 9  # the discard port


def enabling() -> dict[str, str]:
    """The variables that change when these operators are enabled in the sandbox."""
    changes = {"SARALI_OPERATORS": ",".join(CODES)}
    for code in CODES:
        changes |= operators.variables(code, _NOBODY, "http://127.0.0.1:8000")
    return changes


class Market:
    """Takes every payment of every operator and leaves it pending. `heard` is what it was sent."""

    def __init__(self) -> None:
        self.heard: list[HttpRequest] = []
        self._said: dict[str, Outcome] = {}

    def say(self, outcome: Outcome, path: str) -> None:
        """Answer what is asked under the last part of an address so from now on."""
        self._said[path] = outcome

    def asked(self, path: str) -> list[HttpRequest]:
        """What came for an address that ends so."""
        return [request for request in self.heard if urlsplit(request.url).path.endswith(path)]

    def __call__(self, request: HttpRequest, /) -> Outcome:
        self.heard.append(request)
        path = urlsplit(request.url).path
        last = path.rpartition("/")[2]
        if last in self._said:
            return self._said[last]
        if last == "token":
            return answer({"access_token": "bearer", "expires_in": 3600})
        if "/checkout/sessions" in path:
            return answer(
                {
                    "id": "cos-1",
                    "wave_launch_url": LINK,
                    "checkout_status": "open",
                    "payment_status": "processing",
                }
            )
        if last == "onestep":
            return answer({"reference": "ours", "status": "PENDING"})
        if "/demandes-paiements" in path:
            return answer({"txId": "ours", "statut": "ENVOYE"})
        return Answer(404, b"")


def dialling(door: Door) -> Door:
    """Let there be a merchant code that is dialled, as in production, and no other wallet."""
    context = door.context
    values = {**operators.variables("dialcode", _NOBODY, "http://127.0.0.1:8000")}
    dialled = connect("dialcode", values, context.now, sandbox=False)
    manuscript = Shelf(sandbox=True, languages=("fr", "bm")).read()
    edition = publish(manuscript, (dialled.wallet,), context.now().date())
    return door.give(replace(context, operators={"dialcode": dialled}, edition=edition))


def confirm_with(phone: Phone, bill_number: str, wallet_name: str) -> str:
    """Dial a bill, choose a wallet for this telephone, and confirm."""
    phone.show(bill_number)
    phone.choose(words("option.other_way"))
    phone.choose(wallet_name)
    phone.choose(words("option.this_phone"))
    return phone.type("1")
