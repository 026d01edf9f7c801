"""Every notice with the values the use cases fill in, the longest that can be."""

from collections.abc import Iterator
from datetime import UTC, datetime

from domain import check_digits
from domain.catalogue import FeeKind, reading
from domain.msisdn import Msisdn
from domain.payment import Failure
from sms import notices
from sms.notices import Notice
from ussd_app.manuscripts import LOCALES, Shelf
from ussd_app.translations import LANGUAGES as OFFERED
from ussd_app.usecases import wording

COMPLETE = ("fr", "bm")
LANGUAGES = tuple(lang for lang in OFFERED if (LOCALES / f"{lang}.po").exists())
_SHELVED = Shelf(sandbox=True, languages=LANGUAGES).read()
TEXTS, CATALOGUE = _SHELVED.texts, reading.read(_SHELVED.shipped)
# What a bill can be for: everything that is on and not free.
SERVICES = tuple(
    s.code for s in CATALOGUE.services.values() if s.enabled and s.fee is not FeeKind.FREE
)

BILL_NUMBER = "4821937028"
RECEIPT_NUMBER = check_digits.append("48219370284821")
ATTEMPT = "0" * 32
PAID_AT = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
PAYER = Msisdn.parse("76121234")
ROAMER = Msisdn.parse("+2250707121234")  # a visitor's number is told whole
AMOUNT = "90 000 F CFA"  # a premium passport: the highest tariff of the catalogue
DIAL_CODE = "#999*9*" + "9" * 15 + "*90000#"  # as long as an account may have it, filled in
DEBITED = "2 000 000 F CFA"  # the most the operator moves at once


def all_of(service: str) -> Iterator[Notice]:
    """Each notice about a bill of `service`, once for each reason it can give."""
    values = {
        "service_id": f"service.{service}",
        "bill_number": BILL_NUMBER,
        "amount": AMOUNT,
        "wallet_name": "Orange Money",
        "dial": f"*789*1*{BILL_NUMBER}#",
    }
    yield receipt_of(values)
    yield notices.reversed_(RECEIPT_NUMBER, values | {"receipt_number": RECEIPT_NUMBER})
    yield from (notices.failed(ATTEMPT, failure, values) for failure in Failure)
    yield notices.unknown(ATTEMPT, values)
    yield notices.returned(ATTEMPT, values)
    yield notices.link(ATTEMPT, values | {"link": "https://pay.wave.com/c/cos-18qq25rgr100a"})
    yield notices.dial(BILL_NUMBER, ATTEMPT, values | {"dial_code": DIAL_CODE})
    yield notices.under_way(ATTEMPT, values)
    yield notices.busy(ATTEMPT, values | {"minutes": "15"})
    yield notices.mismatch(ATTEMPT, values | {"paid": DEBITED})
    yield notices.surplus(ATTEMPT, "MP261122.2359.A00073", values)
    yield notices.unowned("dialcode", "MP261122.2359.A00073", values)
    for caller in (PAYER, ROAMER):
        yield notices.heads_up(ATTEMPT, values | {"caller": caller.national})


def receipt_of(values: dict[str, str]) -> Notice:
    proof = {
        "paid_at": wording.instant(PAID_AT),
        "payer": PAYER.masked,
        "verify": f"*789*9*{RECEIPT_NUMBER}#",
    }
    return notices.receipt(RECEIPT_NUMBER, values | proof)
