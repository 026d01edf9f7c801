"""One attempt that is looked after, and all that is known of it, under locks that keep it so."""

from dataclasses import dataclass

from domain.bill import Bill
from domain.payment import Kind
from payments import pacing
from payments.evidence import Standing, fold
from payments.operators.base import Order
from payments.pacing import Action
from ussd_app.store import attempts, evidence, outbox
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.store.outbox import Claim
from ussd_app.usecases.context import Context


class NotConfiguredError(LookupError):
    """The operator of an attempt was taken out of the configuration."""


@dataclass(frozen=True, slots=True)
class Case:
    """An attempt and its bill, where its evidence puts it, and its age in seconds."""

    attempt: Attempt
    bill: Bill
    standing: Standing
    age: float
    was_busy: bool  # the prompt did not show...
    busy: bool  # ...and the operator can show it again under the same key

    @property
    def action(self) -> Action:
        return pacing.action(
            self.standing.status,
            age=self.age,
            busy=self.busy,
            prompted=self.attempt.prompted,
            cancel_wanted=self.attempt.cancel_wanted,
        )


def load(context: Context, tx: Tx, claim: Claim) -> Case:
    """Lock the bill, then the claim: always in this order, or two workers could wait in a ring.

    Raises:
        LostClaimError: another worker has taken over.
        NotConfiguredError: nobody can be asked about it.
    """
    attempt = attempts.get(tx, claim.ref)
    bill = Register(tx).lock_bill(attempt.bill_number) if attempt else None
    if attempt is None or bill is None:
        message = "a job without its attempt"
        raise LookupError(message)
    outbox.hold(tx, claim)
    facts = evidence.of(tx, [claim.ref])[claim.ref]
    busy = any(fact.kind is Kind.BUSY for fact in facts)
    operator = context.operators.get(attempt.operator)
    if operator is None:
        raise NotConfiguredError(attempt.operator)
    again = operator.capabilities.prompt_again
    standing = fold(attempt.francs, facts)
    return Case(attempt, bill, standing, _age(context, attempt), busy, busy and again)


def _age(context: Context, attempt: Attempt) -> float:
    return (context.now() - attempt.created_at).total_seconds()


def order(context: Context, attempt: Attempt) -> Order:
    """Return an attempt as its operator is told of it."""
    return Order(
        attempt_id=attempt.attempt_id,
        bill_number=attempt.bill_number,
        payer=attempt.payer,
        francs=attempt.francs,
        callback_url=(
            f"{context.public_url}/callbacks/{attempt.operator}/{attempt.callback_token}"
        ),
        created_at=attempt.created_at,
        otp=attempt.otp or "",
        key=attempt.operator_key or "",
    )
