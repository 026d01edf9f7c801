"""A citizen pressed the key: open one payment of one bill, or say why not.

Everything happens in one transaction that holds the bill: the decision, the attempt, the job that
will collect and, when a stranger's telephone will ring, the message that warns it.
"""

from dataclasses import astuple, dataclass, field
from datetime import timedelta

from domain.bill import Bill
from domain.msisdn import Msisdn
from domain.payment import Status
from domain.wallet import Way
from menus.protocol import Told
from payments.intent import Refusal, Traffic, Wish, refusal
from payments.operators.base import Operator
from ussd_app.store import attempts, expectations, health, outbox
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.usecases import tell, wording
from ussd_app.usecases.context import Context

_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the citizen confirmed. No `payer`: the calling number pays. `otp` is theirs, once."""

    bill_number: str
    bill_version: int
    operator: str
    caller: Msisdn
    payer: Msisdn | None
    otp: str = field(repr=False)
    lang: str
    session_key: str
    turn: int


def open_payment(context: Context, opening: Opening) -> Told:
    """Open the payment; the same turn twice opens one and is answered alike."""
    operator = context.operators.get(opening.operator)
    if operator is None:  # taken out while the citizen was choosing: the bill is shown anew
        return Told(Refusal.CHANGED, {})
    payer = opening.payer or opening.caller
    if opening.payer is None and not operator.wallet.serves(opening.caller):
        return Told("which_number", {})
    with context.db.begin() as tx:
        bill = Register(tx).lock_bill(opening.bill_number)
        before = attempts.of_turn(tx, context.channel.name, opening.session_key, opening.turn)
        if before is not None:
            return _opened(operator, before)
        if bill is None:
            return Told(Refusal.CHANGED, {})
        told = _instead(context, tx, opening, payer, bill)
        if told is None:
            told = _opened(operator, _open(context, tx, opening, payer, bill))
        elif opening.otp:  # a password typed in vain is not kept either
            told = Told(told.outcome, {**told.facts, "otp": ""})
    context.redis.wake()
    return told


def _instead(context: Context, tx: Tx, opening: Opening, payer: Msisdn, bill: Bill) -> Told | None:
    """What is told instead of opening: what to dial, what is missing, or why not."""
    wallet = context.operators[opening.operator].wallet
    dialled = wallet.way is Way.DIAL  # on the operator's menu, which does not need us
    if not dialled and opening.operator in health.down(tx, context.now()):
        return Told("wallet_down", {"wallet_name": wallet.name})
    refused = _refusal(context, tx, opening, payer, bill)
    if refused is not None:
        return Told(refused.value, wording.of_bill(bill))
    if dialled:
        return _expect(context, tx, opening, payer, bill)
    if wallet.way is Way.OTP and not opening.otp:
        return Told("which_otp", {"otp_dial": wallet.dial})
    return None


def _refusal(
    context: Context, tx: Tx, opening: Opening, payer: Msisdn, bill: Bill
) -> Refusal | None:
    operator = context.operators[opening.operator]
    since = context.now() - _DAY
    counted = (
        attempts.traffic(tx, opening.caller, payer, bill.bill_number, since),
        expectations.traffic(tx, opening.caller, payer, since),
    )
    traffic = Traffic(*map(sum, zip(*map(astuple, counted), strict=True)))
    wish = Wish(
        bill_version=opening.bill_version,
        stranger=payer != opening.caller,
        rules=operator.capabilities.amounts,
    )
    under_way = attempts.open_of(tx, bill.bill_number) is not None
    return refusal(bill, wish, traffic, under_way=under_way)


def _open(context: Context, tx: Tx, opening: Opening, payer: Msisdn, bill: Bill) -> Attempt:
    now = context.now()
    attempt = Attempt(
        attempt_id=context.new_id(),
        intent_id=attempts.intend(tx, bill, context.new_id(), now),
        bill_number=bill.bill_number,
        operator=opening.operator,
        francs=bill.amount.francs,
        payer=payer,
        caller=opening.caller,
        lang=opening.lang,
        callback_token=context.new_id(),
        channel=context.channel.name,
        session_key=opening.session_key,
        turn=opening.turn,
        status=Status.CREATED,
        operator_key=None,
        otp=opening.otp or None,
        prompted=False,
        cancel_wanted=False,
        created_at=now,
        submitted_at=None,
    )
    attempts.add(tx, attempt)
    # The session ends first: a handset holds one, and the operator's prompt needs it free.
    due_at = now + timedelta(seconds=context.pace.collect_delay)
    outbox.put(tx, outbox.Kind.ATTEMPT, attempt.attempt_id, due_at)
    if attempt.stranger:
        tell.heads_up(context, tx, attempt, bill)
    return attempt


def _expect(context: Context, tx: Tx, opening: Opening, payer: Msisdn, bill: Bill) -> Told:
    """Nothing is opened with the operator: say what to dial, and expect the money."""
    expected = expectations.Expectation(
        bill_number=bill.bill_number,
        operator=opening.operator,
        francs=bill.amount.francs,
        payer=payer,
        caller=opening.caller,
        lang=opening.lang,
        channel=context.channel.name,
        session_key=opening.session_key,
        turn=opening.turn,
        created_at=context.now(),
    )
    expectations.add(tx, expected)
    told = _to_dial(context.operators[opening.operator], bill.amount.francs)
    tell.what_to_dial(context, tx, expected, bill, told.facts["dial_code"])
    return told


def _to_dial(operator: Operator, francs: int) -> Told:
    return Told("dial", {"dial_code": operator.wallet.dial.replace("{amount}", str(francs))})


def _opened(operator: Operator, attempt: Attempt) -> Told:
    """How the citizen goes on; the password is not kept a moment longer than it must."""
    way = operator.wallet.way
    if way is Way.DIAL:  # it was dialled and paid since
        return _to_dial(operator, attempt.francs)
    if way is Way.PUSH:
        return Told("opened_other" if attempt.stranger else "opened", {})
    return Told(f"opened_{way}", {"otp": ""})
