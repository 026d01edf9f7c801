"""Africa's Talking SMS, through its SDK: the one file that imports it.

POST /version1/messaging, form `username to message from bulkSMSMode=1`, header `apiKey` -> 201
{"SMSMessageData": {"Recipients": [{"statusCode", "messageId", "status"}]}}. Status codes 100 to 102
are accepted; 403, 404 and 406 refuse this number; the others come back later. There is no
idempotency key.
Delivery reports are posted as a form `id status phoneNumber failureReason retryCount`.
"""

from collections.abc import Mapping

import requests
from africastalking.Service import AfricasTalkingException
from africastalking.SMS import SMSService

from domain.msisdn import Msisdn
from sms.gateway import Refused, Sent, Unknown

_TIMEOUT_S = (3.05, 5.0)
_ACCEPTED = range(100, 103)
# What is wrong with this message or number, for ever. The rest passes: no credit, a sender not yet
# approved, trouble at the provider; the receipt must leave once it does.
_REFUSED = {403: "number", 404: "number type", 406: "blacklist"}


class AfricasTalking:
    """See the module. `base_url` is the API's host, which the SDK itself cannot be told."""

    def __init__(self, base_url: str, username: str, api_key: str, sender: str) -> None:
        self._service = SMSService(username, api_key)
        self._service._baseUrl = f"{base_url}/version1"  # noqa: SLF001  # no public way
        self._sender = sender or None

    def send(self, to: Msisdn, text: str) -> Sent | Refused | Unknown:
        """See `Gateway.send`."""
        try:
            answer = self._service.send(text, [to.e164], self._sender, timeout=_TIMEOUT_S)
        except AfricasTalkingException:
            return Unknown("http error")
        except (requests.RequestException, RecursionError) as error:
            return Unknown(type(error).__name__)
        return _read(answer)


def _read(answer: object) -> Sent | Refused | Unknown:
    recipients = _at(_at(answer, "SMSMessageData"), "Recipients")
    recipient = recipients[0] if isinstance(recipients, list) and recipients else None
    code, message_id = _at(recipient, "statusCode"), _at(recipient, "messageId")
    if not isinstance(code, int):
        return Unknown("unreadable answer")
    if code in _ACCEPTED and isinstance(message_id, str) and message_id:
        return Sent(message_id)
    return Refused(f"code {code}") if code in _REFUSED else Unknown(f"code {code}")


def _at(document: object, key: str) -> object:
    return document.get(key) if isinstance(document, Mapping) else None
