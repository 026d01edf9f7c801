"""Infobip SMS, version 3.

POST /sms/3/messages, header `Authorization: App <key>`:
    {"messages": [{"sender", "destinations": [{"to", "messageId"}], "content": {"text"},
                   "webhooks": {"delivery": {"url", "contentType"}}}]}
-> 200 {"messages": [{"messageId", "status": {"groupName", "name"}, "details": {"messageCount"}}]}

The `messageId` is ours to choose, and reports name it even where the answer was lost; it does not
make a second request the same message. Groups PENDING and DELIVERED: taken. REJECTED is for good
only where it is about the number. Numbers go without the plus.

Delivery reports are posted as {"results": [{"messageId", "to", "status": {"groupName", "name"}}]},
groups PENDING DELIVERED EXPIRED REJECTED UNDELIVERABLE.

Source: the vendor's pages, by nyaruka/courier handlers/infobip (aggregators.md 2.3) and public
clients of /sms/3/messages. Uncertain: the names of the statuses that refuse a number for ever.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal

from domain.exchange import Answer, HttpRequest, Outcome
from domain.msisdn import Msisdn
from sms import answers
from sms.gateway import Login, Posted, Refused, Report, ReportError, Result, Sent, Unknown, Verdict

_TIMEOUT_S = 8.0
_OK = 200
_COUNTS = range(1, 11)  # a text of ours is one segment; more than ten is a mistake
_TAKEN = frozenset({"PENDING", "DELIVERED"})
_REFUSED = frozenset({"REJECTED_DESTINATION", "REJECTED_PREFIX_MISSING"})
_VERDICTS = {
    "DELIVERED": Verdict.DELIVERED,
    "EXPIRED": Verdict.FAILED,
    "REJECTED": Verdict.FAILED,
    "UNDELIVERABLE": Verdict.FAILED,
}


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract gives. `base_url` is the account's own host, without a trailing slash."""

    base_url: str
    api_key: str = field(repr=False)


class Infobip:
    """See the module. Reports are asked for at `delivery_url`."""

    code = "infobip"
    named = True
    reports = True
    login: Login | None = None

    def __init__(
        self, account: Account, sender: str, delivery_url: str, price: Decimal | None = None
    ) -> None:
        self._account = account
        self._sender = sender
        self._delivery_url = delivery_url
        self.price = price

    def request(self, to: Msisdn, text: str, key: str, bearer: str) -> HttpRequest:
        """See `HttpGateway.request`."""
        del bearer
        delivery = {"url": self._delivery_url, "contentType": "application/json"}
        message = {
            **({"sender": self._sender} if self._sender else {}),
            "destinations": [{"to": to.e164.removeprefix("+"), "messageId": key}],
            "content": {"text": text},
            "webhooks": {"delivery": delivery},
        }
        kinds = dict.fromkeys(("Content-Type", "Accept"), "application/json")
        headers = {"Authorization": f"App {self._account.api_key}", **kinds}
        body = json.dumps({"messages": [message]}).encode()
        url = f"{self._account.base_url}/sms/3/messages"
        return HttpRequest("POST", url, headers, body, _TIMEOUT_S)

    def read(self, outcome: Outcome, key: str) -> Result:
        """See `HttpGateway.read`."""
        if not isinstance(outcome, Answer) or outcome.status != _OK:
            return answers.trouble(outcome)
        message = answers.at(answers.parse(outcome.body), "messages", 0)
        group = answers.text(message, "status", "groupName")
        if group in _TAKEN:
            name = answers.text(message, "messageId") or key
            return Sent(name, segments=_count(answers.at(message, "details", "messageCount")))
        if group != "REJECTED":
            return Unknown("unreadable answer")
        name = answers.text(message, "status", "name")
        return Refused(name) if name in _REFUSED else Unknown(name or group, left=False)

    def read_reports(self, posted: Posted) -> tuple[Report, ...]:
        """See `Provider.read_reports`."""
        results = answers.at(answers.parse(posted.body), "results")
        if not isinstance(results, list) or not results:
            message = "results: a list of reports"
            raise ReportError(message)
        return tuple(_report(one) for one in results)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value in _COUNTS else None


def _report(one: object) -> Report:
    group = answers.text(one, "status", "groupName")
    provider_id, word = answers.checked(answers.text(one, "messageId"), group)
    reason = answers.text(one, "status", "name")
    number = answers.text(one, "to")
    return Report(provider_id, word, _VERDICTS.get(word, Verdict.UNDER_WAY), reason, number)
