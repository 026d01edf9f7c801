"""The providers as the contract suite sends through them, and how each of them is made."""

from collections.abc import Callable

from domain.msisdn import Msisdn
from payments.wire import bearers
from sms import infobip, orange
from sms.africastalking import AfricasTalking
from sms.gateway import Gateway, HttpGateway, Result, Unknown
from ussd_app.transport import Transport

GATEWAYS: dict[str, Callable[[str, str], Gateway | HttpGateway]] = {
    "africastalking": lambda url, key: AfricasTalking(url, "sandbox", key, "SARALI"),
    "infobip": lambda url, key: infobip.Infobip(
        infobip.Account(url, key), "SARALI", "http://127.0.0.1:9/sms/infobip/delivery"
    ),
    "orange": lambda url, key: orange.Orange(
        orange.Account(url, "sandbox", key, "+2230000"), "SARALI"
    ),
}


class Line:
    """One provider, over the transport the application sends with."""

    def __init__(self, provider: Gateway | HttpGateway) -> None:
        self.provider = provider
        self._transport = Transport()
        self._sent = 0

    def send(self, to: Msisdn, text: str, key: str = "") -> Result:
        """Send a text under a key of its own."""
        self._sent += 1
        key = key or f"key-{id(self)}-{self._sent}"
        if not isinstance(self.provider, HttpGateway):
            return self.provider.send(to, text, key)
        bearer = self._bearer(self.provider)
        if bearer is None:
            return Unknown("no bearer", left=False)
        return self.provider.read(
            self._transport(self.provider.request(to, text, key, bearer)), key
        )

    def _bearer(self, provider: HttpGateway) -> str | None:
        if provider.login is None:
            return ""
        wish = bearers.ask(provider.login.url, provider.login.client, 5.0)
        token = bearers.read(self._transport(wish))
        return token.bearer if token else None
