"""Orange SMS API, Middle East and Africa.

POST /oauth/v3/token   Basic client, grant_type=client_credentials -> bearer, for an hour
POST /smsmessaging/v1/outbound/tel%3A%2B<sender>/requests   under the bearer:
    {"outboundSMSMessageRequest": {"address": "tel:+223...", "senderAddress": "tel:+...",
     "senderName", "outboundSMSTextMessage": {"message"}}}
-> 201 {"outboundSMSMessageRequest": {"resourceURL": ".../requests/<id>", ...}}

`senderAddress` is the country's number of the API, not one of ours; `senderName` must have been
approved. Bundles are prepaid, so no answer tells a cost. Errors are {"requestError":
{"serviceException" | "policyException": {"messageId"}}}; SVC0004 says the address is none.

Delivery reports go to the address registered with Orange's team, as {"deliveryInfoNotification":
{"callbackData": <id>, "deliveryInfo": {"address": "tel:+223...", "deliveryStatus"}}}.

Source: developer.orange.com/apis/sms for flow and authentication; the bodies are those of public
clients. Uncertain until a contract: which codes refuse a number, and that `callbackData` is the id
at the end of `resourceURL`.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from domain.exchange import Answer, HttpRequest, Outcome
from domain.msisdn import Msisdn
from sms import answers
from sms.gateway import Login, Posted, Refused, Report, Result, Sent, Unknown, Verdict

_TIMEOUT_S = 8.0
_CREATED = 201
_REFUSED = frozenset({"SVC0004"})
_VERDICTS = {
    "DeliveredToTerminal": Verdict.DELIVERED,
    "DeliveryImpossible": Verdict.FAILED,
}


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract gives. `sender_address` is the API's number, `+2230000` for Mali."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    sender_address: str


class Orange:
    """See the module."""

    code = "orange"
    named = False
    reports = False

    def __init__(self, account: Account, sender: str, price: Decimal | None = None) -> None:
        self._account = account
        self._sender = sender
        self.price = price

    @property
    def login(self) -> Login | None:
        """See `HttpGateway.login`."""
        account = self._account
        client = (account.client_id, account.client_secret)
        return Login(f"{account.base_url}/oauth/v3/token", client)

    def request(self, to: Msisdn, text: str, key: str, bearer: str) -> HttpRequest:
        """See `HttpGateway.request`."""
        del key
        sender = f"tel:{self._account.sender_address}"
        wish = {
            "address": f"tel:{to.e164}",
            "senderAddress": sender,
            **({"senderName": self._sender} if self._sender else {}),
            "outboundSMSTextMessage": {"message": text},
        }
        kinds = dict.fromkeys(("Content-Type", "Accept"), "application/json")
        headers = {"Authorization": f"Bearer {bearer}", **kinds}
        body = json.dumps({"outboundSMSMessageRequest": wish}).encode()
        door = f"/smsmessaging/v1/outbound/{quote(sender, safe='')}/requests"
        return HttpRequest("POST", self._account.base_url + door, headers, body, _TIMEOUT_S)

    def read(self, outcome: Outcome, key: str) -> Result:
        """See `HttpGateway.read`."""
        del key
        if not isinstance(outcome, Answer):
            return answers.trouble(outcome)
        document = answers.parse(outcome.body)
        if outcome.status == _CREATED:
            resource = answers.at(document, "outboundSMSMessageRequest", "resourceURL")
            name = resource.rpartition("/")[2] if isinstance(resource, str) else ""
            kept = answers.text({"id": name}, "id")
            return Sent(kept) if kept else Unknown("unreadable answer")
        code = answers.text(document, "requestError", "serviceException", "messageId")
        return Refused(code) if code in _REFUSED else answers.trouble(outcome)

    def read_reports(self, posted: Posted) -> tuple[Report, ...]:
        """See `Provider.read_reports`."""
        told = answers.at(answers.parse(posted.body), "deliveryInfoNotification")
        status = answers.text(told, "deliveryInfo", "deliveryStatus")
        provider_id, word = answers.checked(answers.text(told, "callbackData"), status)
        number = answers.text(told, "deliveryInfo", "address").removeprefix("tel:")
        verdict = _VERDICTS.get(word, Verdict.UNDER_WAY)
        return (Report(provider_id, word, verdict, number=number),)
