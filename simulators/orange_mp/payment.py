"""One payment: what was ordered, what became of it, and how the operator's API words it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from simulators.clock import iso
from simulators.orange_mp.fates import Answer

_AMOUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_NATIONAL = re.compile(r"[0-9]{8}", re.ASCII)
_FIELDS = (
    *("orderId", "subscriberMsisdn", "channelUserMsisdn", "amount"),
    *("description", "notifUrl", "pin", "payToken"),
)


class Status(StrEnum):
    """The operator's status words: two L in SUCCESSFULL, and one that no documentation has."""

    INITIATED = "INITIATED"
    PENDING = "PENDING"
    SUCCESSFULL = "SUCCESSFULL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    EN_TRAITEMENT = "EN_TRAITEMENT"


SPEECH: Final[Mapping[Status, str]] = {
    Status.INITIATED: "Paiement initie",
    Status.PENDING: "Paiement en attente de la confirmation du client",
    Status.SUCCESSFULL: "Paiement effectue avec succes",
    Status.FAILED: "Paiement echoue",
    Status.CANCELLED: "Paiement annule par le client",
    Status.EXPIRED: "Delai de confirmation depasse",
    Status.EN_TRAITEMENT: "Paiement en cours de traitement",
}
INSUFFICIENT: Final = "60019 :: Le solde du compte du payeur est insuffisant"

# inittxnstatus and inittxnmessage, by the answer to pay. 200 and 60019 are documented; 72 is ours.
INIT_OUTCOME: Final[Mapping[Answer, tuple[str, str]]] = {
    Answer.ACCEPTED: ("200", SPEECH[Status.PENDING]),
    Answer.LATE: ("200", SPEECH[Status.PENDING]),
    Answer.BUSY: ("72", "USSD busy"),
    Answer.POOR: ("60019", INSUFFICIENT),
}


class BusinessError(Exception):
    """What the operator answers with HTTP 417; `data` is the payment it is about, when known."""

    def __init__(self, message: str, data: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed pay request; `amount` in francs, `subscriber` as 8 national digits."""

    pay_token: str
    order_id: str
    subscriber: str
    channel: str
    amount: int
    description: str
    notif_url: str


@dataclass(slots=True)
class Payment:
    """A payToken's life. `order` is None until pay; `debited` (francs) until money moves."""

    pay_token: str
    created: datetime
    status: Status = Status.INITIATED
    order: Order | None = None
    txnid: str | None = None
    debited: int | None = None
    debited_at: datetime | None = None
    reversed: bool = False
    init: tuple[str, str] | None = None
    plan_number: int = 0  # a plan that was replaced (see `Fate.when_pushed`) must not go on

    def data(self) -> dict[str, object]:
        """The `data` of the API's answers; `amount` is what was debited, once something was."""
        order = self.order
        paid = self.status is Status.SUCCESSFULL
        return {
            "createtime": str(int(self.created.timestamp())),
            "subscriberMsisdn": order and order.subscriber,
            "channelUserMsisdn": order and order.channel,
            "amount": self.debited if self.debited is not None else order and order.amount,
            "payToken": self.pay_token,
            "txnid": self.txnid,
            "txnmode": order and order.order_id,
            "inittxnstatus": self.init and self.init[0],
            "inittxnmessage": self.init and self.init[1],
            "confirmtxnstatus": "200" if paid else None,
            "confirmtxnmessage": SPEECH[self.status] if paid else None,
            "status": self.status.value,
            "notifUrl": order and order.notif_url,
            "description": order and order.description,
        }

    def charge(self) -> dict[str, object] | None:
        """What was really debited, for the sandbox's oracle; None when nothing was."""
        if self.order is None or self.debited_at is None:
            return None
        return {
            "operator": "orange_mp",
            "operator_ref": self.txnid,
            "payer": f"+223{self.order.subscriber}",
            "amount": self.debited,
            "at": iso(self.debited_at),
            "reversed": self.reversed,
            "bill_number": self.order.description,
            "order_id": self.order.order_id,
        }


def read_order(body: object, *, channel: str, pin: str) -> Order:
    """Read the JSON of a pay request.

    Raises:
        BusinessError: when a field is missing or malformed, or is not our channel's.
    """
    if not isinstance(body, dict):
        raise BusinessError("Le corps de la requete doit etre un objet JSON")
    for name in _FIELDS:
        if not isinstance(body.get(name), str) or not body[name]:
            raise BusinessError(f"Le champ {name} est obligatoire et doit etre une chaine")
    if (body["channelUserMsisdn"], body["pin"]) != (channel, pin):
        raise BusinessError("Utilisateur du canal ou code PIN incorrect")
    if not _NATIONAL.fullmatch(body["subscriberMsisdn"]):
        raise BusinessError("Beneficiaire introuvable")
    if not _AMOUNT.fullmatch(body["amount"]) or int(body["amount"]) < 1:
        raise BusinessError("Le montant est invalide")
    if not body["notifUrl"].startswith(("http://", "https://")):
        raise BusinessError("Le champ notifUrl est invalide")
    return Order(
        pay_token=body["payToken"],
        order_id=body["orderId"],
        subscriber=body["subscriberMsisdn"],
        channel=body["channelUserMsisdn"],
        amount=int(body["amount"]),
        description=body["description"],
        notif_url=body["notifUrl"],
    )
