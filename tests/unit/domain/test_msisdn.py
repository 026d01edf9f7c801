"""Telephone numbers: valid or not made, masked when shown, and their network as a hint."""

from functools import cache
from traceback import TracebackException
from typing import NamedTuple

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType, carrier

from domain.msisdn import Msisdn, Network

# phonenumbers still carries the names of 2010.
NETWORKS = {"Orange": Network.ORANGE, "Sotelma": Network.MOOV, "Atel": Network.TELECEL}
CDMA = ("+22320", "+22321")  # fixed phones by radio, of which a few were once mobile
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class Carried(NamedTuple):
    """A Malian mobile prefix of four digits and the network phonenumbers knows it by."""

    number: str
    network: Network | None


@cache
def mobile_prefixes() -> list[Carried]:
    found = []
    for prefix in range(1000, 10000):
        number = phonenumbers.PhoneNumber(country_code=223, national_number=prefix * 10_000 + 1234)
        if phonenumbers.number_type(number) in MOBILE:
            name = carrier.name_for_number(number, "en")
            found.append(Carried(f"+223{number.national_number}", NETWORKS[name] if name else None))
    return found


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("76123456", "+22376123456"),
        ("+22376123456", "+22376123456"),
        (" +22376123456 ", "+22376123456"),
        ("+2250102030405", "+2250102030405"),
        ("+33612345678", "+33612345678"),
    ],
)
def test_an_international_number_and_eight_malian_digits_are_read(text: str, e164: str) -> None:
    assert Msisdn.parse(text).e164 == e164


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "7612345",
        "761234567",
        "22376123456",
        "0022376123456",
        "+2237612345",
        "+223761234567",
        "+22311111111",
        "+999123456789",
        "+223 76 12 34 56",
        "tel:+22376123456",
        "７６１２３４５６",
        "+22376123456;ext=1",
        "+2237612345é",
        "+" + "7" * 400,
    ],
)
def test_anything_else_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a valid telephone number$") as refused:
        Msisdn.parse(text)
    assert refused.value.__cause__ is None


@settings(max_examples=60)
@given(st.text(alphabet="+0123456789 abé", max_size=14))
def test_whatever_is_typed_a_number_that_exists_is_valid(text: str) -> None:
    try:
        number = Msisdn.parse(text)
    except ValueError:
        return
    assert phonenumbers.is_valid_number(phonenumbers.parse(number.e164))
    assert Msisdn.parse(number.e164) == number


def test_a_number_cannot_be_made_around_the_check() -> None:
    with pytest.raises(ValueError, match="not a valid"):
        Msisdn("76123456")


def test_only_the_last_four_digits_are_ever_shown() -> None:
    number = Msisdn.parse("+22376123456")
    shown = [number.masked, str(number), repr(number), f"{number}", f"{number!r}", f"{[number]}"]
    assert number.masked == "****3456"
    assert not any("7612" in text for text in shown)


def fail(payers: dict[str, Msisdn]) -> None:
    payer = payers["payer"]
    raise LookupError(payer)


def test_a_traceback_shows_the_mask_even_with_its_variables() -> None:
    number = Msisdn.parse("+22376123456")
    with pytest.raises(LookupError) as failed:
        fail({"payer": number})
    trace = TracebackException.from_exception(failed.value, capture_locals=True)
    shown = "".join(trace.format())
    assert "****3456" in shown
    assert "7612" not in shown


def test_a_malian_number_is_known_by_its_eight_digits_and_a_foreign_one_whole() -> None:
    assert Msisdn.parse("76123456").national == "76123456"
    assert Msisdn.parse("76123456").malian
    assert Msisdn.parse("+33612345678").national == "+33612345678"
    assert not Msisdn.parse("+33612345678").malian


def test_every_malian_mobile_prefix_hints_at_the_network_that_phonenumbers_names() -> None:
    prefixes = [carried for carried in mobile_prefixes() if not carried.number.startswith(CDMA)]
    assert {carried.network for carried in prefixes} == set(Network)
    hints = {carried.number: Msisdn(carried.number).network for carried in prefixes}
    assert hints == {carried.number: carried.network for carried in prefixes}


def test_no_prefix_at_all_hints_at_another_network_than_phonenumbers() -> None:
    hints = {carried.number: Msisdn(carried.number).network for carried in mobile_prefixes()}
    wrong = [c.number for c in mobile_prefixes() if hints[c.number] not in {None, c.network}]
    assert wrong == []


def test_no_network_is_hinted_at_abroad_or_by_a_land_line() -> None:
    assert Msisdn.parse("+2250707070707").network is None  # its first digits are Orange's in Mali
    assert Msisdn.parse("+22320222324").network is None
