"""One request to pay, the payment it becomes, and how the business API words them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from simulators.clock import iso
from simulators.pi_spi.order import Order


class Status(StrEnum):
    """The four words of the document, and one it does not have."""

    INITIE = "INITIE"
    ENVOYE = "ENVOYE"
    IRREVOCABLE = "IRREVOCABLE"
    REJETE = "REJETE"
    EN_COURS = "EN_COURS"


DUPLICATE, NO_ALIAS = "DU03", "BE23"
UNKNOWN_TO_PAYER, EXPIRED, SUSPENDED = "BE05", "AEXR", "AG10"
_NAMES: Final = {"payeurNom": "TRAORE Aminata", "payeurPays": "ML"}


@dataclass(slots=True)
class Demand:
    """A request's life. `paid_id` is None until it is a payment, `paid` until money moves."""

    order: Order
    end2end_id: str
    created: datetime
    status: Status = Status.ENVOYE
    reason: str = ""
    changed: datetime | None = None
    paid_id: str | None = None
    paid: int | None = None
    paid_at: datetime | None = None
    returned_at: datetime | None = None

    def reply(self) -> dict[str, object]:
        """The answer to the request itself: the only one about a request with its own id."""
        found = {} if self.reason == NO_ALIAS else _NAMES
        return {**self.view(), **found, "end2endId": self.end2end_id}

    def view(self) -> dict[str, object]:
        """The request as it is consulted."""
        order = self.order
        told: dict[str, object] = {
            "txId": order.tx_id,
            "payeurAlias": order.alias,
            "payeAlias": order.payee,
            "confirmation": order.confirmation,
            "categorie": order.category,
            "montant": order.amount,
            "statut": self.status.value,
            "dateDemande": iso(self.created),
        }
        optional = {
            "statutRaison": self.reason,
            "motif": order.about,
            "refDocType": order.document,
            "refDocNumero": order.document_number,
            "dateLimitePaiement": order.pay_before,
            "dateLimiteReponse": order.answer_before,
            "dateEnvoi": "" if self.reason in {DUPLICATE, NO_ALIAS} else iso(self.created),
            "dateReponse": "" if self.changed is None else iso(self.changed),
            "dateIrrevocabilite": "" if self.paid_at is None else iso(self.paid_at),
        }
        return {**told, **{name: text for name, text in optional.items() if text}}

    def payment(self) -> dict[str, object] | None:
        """The payment as it is consulted, once there is one."""
        if self.paid_at is None:
            return None
        order = self.order
        told: dict[str, object] = {
            "txId": order.tx_id,
            "payeurAlias": order.alias,
            "payeAlias": order.payee,
            **_NAMES,
            "categorie": order.category,
            "montant": self.paid,
            "statut": Status.IRREVOCABLE.value,
            "end2endId": self.paid_id,
            "dateIrrevocabilite": iso(self.paid_at),
        }
        if self.returned_at is not None:
            told["retourStatut"] = Status.IRREVOCABLE.value
            told["retourDateIrrevocabilite"] = iso(self.returned_at)
        return told

    def event(self) -> dict[str, object]:
        """What a callback says of it."""
        code, at = "RTP_REJETE", self.changed
        if self.paid_at is not None:
            code, at = "PAIEMENT_RECU", self.paid_at
        if self.returned_at is not None:
            code, at = "RETOUR_ENVOYE", self.returned_at
        told: dict[str, object] = {
            "evCode": code,
            "evDate": iso(at or self.created),
            "txId": self.order.tx_id,
            "end2endId": self.paid_id or self.end2end_id,
            "montant": self.order.amount if self.paid is None else self.paid,
            "client": _NAMES["payeurNom"],
            "alias": self.order.payee,
        }
        return told | ({"motif": self.reason} if self.reason else {})

    def charge(self) -> dict[str, object] | None:
        """What was really debited, for the sandbox's oracle; None when nothing was."""
        if self.paid_at is None:
            return None
        return {
            "operator": "pi_spi",
            "operator_ref": self.paid_id,
            "payer": self.order.alias,
            "amount": self.paid,
            "at": iso(self.paid_at),
            "reversed": self.returned_at is not None,
            "bill_number": self.order.document_number,
            "order_id": self.order.tx_id,
        }
