"""The effects of the dialogue, performed: each tells the engine an outcome and facts."""

from dataclasses import dataclass
from functools import partial

from domain.bill import Bill, BillStatus
from domain.msisdn import Msisdn
from menus import protocol
from menus.engine import LANG_ANSWER
from menus.protocol import Effect, Told
from payments import routing
from registries import number, requests
from ussd_app.store import attempts, subscribers
from ussd_app.store.bills import Register, look_up
from ussd_app.usecases import guessing, open_payment, verify, wording
from ussd_app.usecases.context import Context

FALLBACK_LANG = "fr"


@dataclass(frozen=True, slots=True)
class Errand:
    """Who asks, in which turn of which session.

    `passing`: the text came with a new or lost session, so it only fills and navigates.
    """

    caller: Msisdn
    lang: str
    session_key: str
    turn: int
    passing: bool


def perform(context: Context, errand: Errand, effect: Effect) -> Told:
    """Do what the dialogue asked for."""
    match effect:
        case protocol.Greet():
            return _greet(context, errand)
        case protocol.SetLanguage(lang):
            return _set_language(context, errand, lang)
        case protocol.FindBill(bill_number):
            return _find_bill(context, errand, bill_number)
        case protocol.RequestBill():
            return _request_bill(context, errand, effect)
        case protocol.OpenPayment():
            return _open_payment(context, errand, effect)
        case protocol.VerifyReceipt(receipt_number):
            return _verify(context, errand, receipt_number)


def _greet(context: Context, errand: Errand) -> Told:
    with context.db.read() as tx:
        subscriber = context.keys.subscriber(errand.caller)
        known, waiting = subscribers.greeting(tx, subscriber, errand.caller)
    lang = {LANG_ANSWER: known or FALLBACK_LANG}
    if errand.passing:
        return Told("home", lang)
    if waiting:
        return Told("under_way", lang)
    return Told("home" if known else "new", lang)


def _set_language(context: Context, errand: Errand, lang: str) -> Told:
    with context.db.begin() as tx:
        subscriber = context.keys.subscriber(errand.caller)
        subscribers.set_language(tx, subscriber, lang, context.now())
    return Told("home", {LANG_ANSWER: lang})


def _find_bill(context: Context, errand: Errand, bill_number: str) -> Told:
    limits = guessing.of_caller(context, errand.caller)
    if not guessing.allowed(context, limits):
        return Told("too_many", {})
    with context.db.read() as tx:
        found = look_up(tx, bill_number)
    if found is None:
        guessing.missed(context, limits)
        return Told("unknown", {})
    bill, under_way = found
    outcome = "under_way" if under_way and bill.status is BillStatus.DUE else bill.status.value
    return Told(outcome, _offered(context, errand, bill))


def _offered(context: Context, errand: Errand, bill: Bill) -> dict[str, str]:
    return wording.offered(bill, routing.first_choice(context.wallets, errand.caller))


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
        outcome = "under_way" if attempts.is_open(tx, bill.bill_number) else "due"
    spell = partial(context.texts.get, errand.lang)
    typed = wording.of_request(request, context.catalogue, spell)
    return Told(outcome, {**_offered(context, errand, bill), **typed})


def _open_payment(context: Context, errand: Errand, wish: protocol.OpenPayment) -> Told:
    opening = open_payment.Opening(
        bill_number=wish.bill_number,
        bill_version=wish.version,
        operator=wish.wallet,
        caller=errand.caller,
        payer=Msisdn.parse(wish.payer) if wish.payer else None,
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
