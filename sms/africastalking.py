"""Africa's Talking SMS, through its SDK: the one file that imports it.

POST /version1/messaging, form `username to message from bulkSMSMode=1`, header `apiKey` -> 201
{"SMSMessageData": {"Recipients": [{"statusCode", "messageId", "status", "cost"}]}}. Status codes
100 to 102 are accepted; 403, 404 and 406 refuse this number; the others come back later. There is
no idempotency key. A cost is a text, "XOF 12.0000"; in another currency it is not kept.

Delivery reports are posted as a form `id status phoneNumber failureReason retryCount`.
"""

import re
from decimal import Decimal

import requests
from africastalking.Service import AfricasTalkingException
from africastalking.SMS import SMSService

from domain.msisdn import Msisdn
from sms import answers
from sms.gateway import Posted, Refused, Report, Result, Sent, Unknown, Verdict

_TIMEOUT_S = (3.05, 5.0)
_ACCEPTED = range(100, 103)
# What is wrong with this message or number, for ever. The rest passes: no credit, a sender not yet
# approved, trouble at the provider; the receipt must leave once it does.
_REFUSED = {403: "number", 404: "number type", 406: "blacklist"}
_COST = re.compile(r"XOF ([0-9]{1,6}(?:\.[0-9]{1,6})?)")
_VERDICTS = {
    "Success": Verdict.DELIVERED,
    "Failed": Verdict.FAILED,
    "Rejected": Verdict.FAILED,
    "Expired": Verdict.FAILED,
    "AbsentSubscriber": Verdict.FAILED,
}


class AfricasTalking:
    """See the module. `base_url` is the API's host, which the SDK itself cannot be told."""

    code = "africastalking"
    price: Decimal | None = None  # each answer tells it
    named = False
    reports = False

    def __init__(self, base_url: str, username: str, api_key: str, sender: str) -> None:
        self._service = SMSService(username, api_key)
        self._service._baseUrl = f"{base_url}/version1"  # noqa: SLF001  # no public way
        self._sender = sender or None

    def send(self, to: Msisdn, text: str, key: str = "") -> Result:
        """See `Gateway.send`; there is no place for a key."""
        del key
        try:
            answer = self._service.send(text, [to.e164], self._sender, timeout=_TIMEOUT_S)
        except AfricasTalkingException:
            return Unknown("http error")
        except requests.ConnectTimeout as error:
            return Unknown(type(error).__name__, left=False)
        except (requests.RequestException, RecursionError) as error:
            return Unknown(type(error).__name__)
        return _read(answer)

    def read_reports(self, posted: Posted) -> tuple[Report, ...]:
        """See `Provider.read_reports`."""
        form = posted.form
        reason = form.get("failureReason", "")[: answers.FIELD_MAX]
        fields = (form.get("id", ""), form.get("status", ""), reason or "-")
        provider_id, word, _ = answers.checked(*fields)
        number = form.get("phoneNumber", "")
        verdict = _VERDICTS.get(word, Verdict.UNDER_WAY)
        return (Report(provider_id, word, verdict, reason, number),)


def _read(answer: object) -> Result:
    recipient = answers.at(answer, "SMSMessageData", "Recipients", 0)
    code, message_id = answers.at(recipient, "statusCode"), answers.at(recipient, "messageId")
    if not isinstance(code, int):
        return Unknown("unreadable answer")
    if code in _ACCEPTED and isinstance(message_id, str) and message_id:
        return Sent(message_id, _cost(recipient))
    taken = code in _ACCEPTED  # without a name: it may be on its way
    return Refused(f"code {code}") if code in _REFUSED else Unknown(f"code {code}", left=taken)


def _cost(recipient: object) -> Decimal | None:
    found = _COST.fullmatch(answers.text(recipient, "cost"))
    return Decimal(found[1]) if found else None
