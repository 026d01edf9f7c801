"""The effects of the dialogue, performed: each tells the engine an outcome and facts."""

from functools import partial

from domain.bill import Bill, BillStatus
from domain.msisdn import Msisdn
from menus import protocol
from menus.protocol import Effect, Restored, Told
from payments import routing
from registries import number, requests
from ussd_app.store import attempts, health
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register, look_up
from ussd_app.usecases import cancel, greet, guessing, open_payment, resend, verify, wording
from ussd_app.usecases.context import Context
from ussd_app.usecases.errand import Errand


def perform(context: Context, errand: Errand, effect: Effect) -> Told | Restored:  # noqa: C901, PLR0911  # one way out for each effect
    """Do what the dialogue asked for."""
    match effect:
        case protocol.Greet():
            return greet.greet(context, errand)
        case protocol.SetLanguage(lang):
            return greet.set_language(context, errand, lang)
        case protocol.Resume():
            return greet.resume(context, errand)
        case protocol.Forget():
            return greet.forget(context, errand)
        case protocol.FindBill(bill_number):
            return _find_bill(context, errand, bill_number)
        case protocol.RequestBill():
            return _request_bill(context, errand, effect)
        case protocol.OpenPayment():
            return _open_payment(context, errand, effect)
        case protocol.CancelPayment(bill_number):
            return cancel.cancel(context, errand, bill_number)
        case protocol.VerifyReceipt(receipt_number):
            return _verify(context, errand, receipt_number)
        case protocol.SendReceipts():
            return resend.send_receipts(context, errand)
        case protocol.CopyReceipt(receipt_number, recipient):
            return resend.copy_receipt(context, errand, receipt_number, Msisdn.parse(recipient))


def _find_bill(context: Context, errand: Errand, bill_number: str) -> Told:
    limits = guessing.of_caller(context, errand.caller)
    if not guessing.allowed(context, limits):
        return Told("too_many", {})
    with context.db.read() as tx:
        found = look_up(tx, bill_number, context.now())
        attempt = attempts.open_of(tx, bill_number) if found and found.under_way else None
    if found is None:
        guessing.missed(context, limits)
        return Told("unknown", {})
    due = found.bill.status is BillStatus.DUE
    outcome = _standing(context, errand, attempt) if due else found.bill.status.value
    return Told(outcome, _offered(context, errand, found.bill, found.down))


def _standing(context: Context, errand: Errand, attempt: Attempt | None) -> str:
    """How a bill that is due stands, with the open attempt there is of it."""
    if attempt is None:
        return "due"
    return "under_way_yours" if cancel.offered(context, errand, attempt) else "under_way"


def _offered(context: Context, errand: Errand, bill: Bill, down: frozenset[str]) -> dict[str, str]:
    """What a confirmation says, with a wallet that responds, if there is one."""
    up = [wallet for wallet in context.wallets if wallet.code not in down]
    first = routing.first_choice(up or context.wallets, errand.caller)
    return {**wording.offered(bill, first), **wording.of_wallets(context.wallets, down)}


def _request_bill(context: Context, errand: Errand, wish: protocol.RequestBill) -> Told:
    now = context.now()
    try:
        request = requests.read(context.catalogue, wish.service, wish.answers, now.date())
    except requests.UnknownServiceError:  # switched off while the citizen was typing
        return Told("closed", {})
    requester = context.keys.subscriber(errand.caller)
    since = now - requests.SAME_REQUEST
    with context.db.begin() as tx:
        context.db.one_at_a_time(tx, requester)
        register = Register(tx)
        bill = register.requested_since(requester, request.fingerprint, since)
        paid = bill is not None and bill.status is BillStatus.PAID
        if bill is not None and paid and not wish.again:
            return Told("paid_before", {"before_on": wording.of_bill(bill)["paid_on"]})
        if bill is None or paid:
            if register.count_requests(requester, since) >= requests.REQUESTS_A_DAY:
                return Told("too_many", {})
            bill = register.issue(
                lambda: request.bill(number.draw(context.below), now.date()),
                now,
                request.answers,
                requester,
                request.fingerprint,
            )
        outcome = _standing(context, errand, attempts.open_of(tx, bill.bill_number))
        down = health.down(tx, now)
    spell = partial(context.texts.get, errand.lang)
    typed = wording.of_request(request, context.catalogue, spell)
    return Told(outcome, {**_offered(context, errand, bill, down), **typed})


def _open_payment(context: Context, errand: Errand, wish: protocol.OpenPayment) -> Told:
    opening = open_payment.Opening(
        bill_number=wish.bill_number,
        bill_version=wish.version,
        operator=wish.wallet,
        caller=errand.caller,
        payer=Msisdn.parse(wish.payer) if wish.payer else None,
        otp=wish.otp,
        lang=errand.lang,
        session_key=errand.session_key,
        turn=errand.turn,
    )
    return open_payment.open_payment(context, opening)


def _verify(context: Context, errand: Errand, receipt_number: str) -> Told:
    limits = guessing.of_caller(context, errand.caller)
    if not guessing.allowed(context, limits):
        return Told("too_many", {})
    found = verify.verify(context, receipt_number)
    if found.receipt is None:
        guessing.missed(context, limits)
        return Told("unknown", {})
    return Told(found.verdict.value, wording.of_receipt(found.receipt))
