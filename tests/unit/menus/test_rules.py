"""What may be typed: numbers are copied from paper, by hand, on a keypad."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import check_digits
from domain.catalogue import Catalogue, FeeKind, Field, FieldKind, Service, Tariff, Tender
from domain.money import Money
from menus import rules
from menus.screens import Accepted, Refused, Rule

TODAY = date(2026, 11, 22)
DOCUMENTS = Service("documents", "other", "authority", FeeKind.BY_TENDER, enabled=True)
OPENS, CLOSES = date(2026, 11, 1), date(2026, 11, 30)
PRICE = Tariff(Money(50_000), OPENS, "Code des marchés", "avis", "A")
TENDERS = (
    Tender("2026114", "documents", "Pont", PRICE, CLOSES),
    Tender("7", "others", "Route", PRICE, CLOSES),
)
CATALOGUE = Catalogue({}, tenders={tender.number: tender for tender in TENDERS})


def of(kind: FieldKind, low: int = 0, high: int = 0) -> Rule:
    return rules.of_field(Field("field", kind, low, high), DOCUMENTS, CATALOGUE)


RULES: dict[str, Rule] = {
    "bill": rules.bill_number,
    "receipt": rules.receipt_number,
    "payer": rules.telephone,
    "act": of(FieldKind.DIGITS, 1, 6),
    "year": of(FieldKind.YEAR, 1900, 2100),
    "copies": of(FieldKind.QUANTITY, 1, 9),
    "plates": of(FieldKind.QUANTITY, 2, 12),
    "nina": of(FieldKind.NINA, 15, 15),
    "tender": of(FieldKind.TENDER, 1, 12),
}
PROBLEMS = {
    "bill": "problem.bill_number",
    "receipt": "problem.receipt_number",
    "payer": "problem.phone",
    "act": "problem.digits",
    "year": "problem.year",
    "copies": "problem.quantity",
    "plates": "problem.quantity",
    "nina": "problem.nina",
    "tender": "problem.tender",
}
OTHER_DIGITS = ("٤٨٢١٩٣٧٠٢٨", "४८२१९३७०२८", "４８２１９３７０２８", "²²²²²²²²²²", "߄߈߂߁߉߃߇߀߂߈")


@pytest.mark.parametrize(
    ("rule", "typed", "kept"),
    [
        ("bill", "4821937028", "4821937028"),
        ("bill", " 48 21 93 70 28 ", "4821937028"),
        ("bill", "48.21.93.70.28", "4821937028"),
        ("bill", "4821-9370-28#", "4821937028"),
        ("receipt", "7391 0264 8519 3719", "7391026485193719"),
        ("receipt", "7391026485193719#", "7391026485193719"),
        ("payer", "76123456", "76123456"),
        ("payer", "76 12 34 56", "76123456"),
        ("payer", "76.12.34.56", "76123456"),
        ("payer", "+223 76 12 34 56", "76123456"),
        ("payer", "00223 76-12-34-56", "76123456"),
        ("payer", "66000001", "66000001"),
        ("payer", "50000001", "50000001"),
        ("act", "1", "1"),
        ("act", "999999", "999999"),
        ("act", "1 234", "1234"),
        ("act", "98", "98"),
        ("year", "1900", "1900"),
        ("year", "2026", "2026"),
        ("year", " 1998# ", "1998"),
        ("copies", "1", "1"),
        ("copies", "9", "9"),
        ("plates", "02", "2"),
        ("plates", "12", "12"),
        ("nina", "12345678901234A", "12345678901234A"),
        ("nina", "12345678901234a", "12345678901234A"),
        ("nina", "1A345 67890 1234-z", "1A345678901234Z"),
        ("tender", "2026114", "2026114"),
        ("tender", " 2026-114# ", "2026114"),
    ],
)
def test_a_good_answer_is_kept_in_one_form(rule: str, typed: str, kept: str) -> None:
    assert RULES[rule](typed, TODAY) == Accepted(kept)


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        ("bill", "4821937029"),
        ("bill", "8421937028"),
        ("bill", "482193702"),
        ("bill", "04821937028"),
        ("bill", "4821937028,"),
        ("bill", "482193702B"),
        ("bill", "7391026485193719"),
        ("receipt", "7391026485193791"),
        ("receipt", "4821937028"),
        ("payer", "7612345"),
        ("payer", "761234567"),
        ("payer", "20212223"),
        ("payer", "+33612345678"),
        ("payer", "+2237612345"),
        ("payer", "80002222"),
        ("payer", "7612345O"),
        ("payer", "+223"),
        ("payer", "+"),
        ("act", "0"),
        ("act", "000"),
        ("act", "1234567"),
        ("act", "12/98"),
        ("act", "19B"),
        ("act", "+12"),
        ("year", "1899"),
        ("year", "2027"),
        ("year", "98"),
        ("year", "02026"),
        ("year", "MMXX"),
        ("copies", "0"),
        ("copies", "10"),
        ("copies", "01"),
        ("copies", "trois"),
        ("copies", "1e0"),
        ("plates", "1"),
        ("plates", "13"),
        ("plates", "012"),
        ("nina", "123456789012345"),
        ("nina", "1234567890123A"),
        ("nina", "123456789012345A"),
        ("nina", "12345678901234É"),
        ("nina", "1234567890123*A"),
        ("tender", "2026115"),  # there is none
        ("tender", "7"),  # of another service
        ("tender", "02026114"),
    ],
)
def test_a_bad_answer_is_refused(rule: str, typed: str) -> None:
    assert isinstance(RULES[rule](typed, TODAY), Refused)


@pytest.mark.parametrize("typed", ["", " ", "#", ".-.", "\x00", "*", "😀", "\t\n"])
def test_nothing_and_noise_are_refused_with_the_words_of_the_rule(typed: str) -> None:
    for name, rule in RULES.items():
        assert rule(typed, TODAY) == Refused(PROBLEMS[name])


@pytest.mark.parametrize("digits", OTHER_DIGITS)
def test_digits_of_other_scripts_are_refused(digits: str) -> None:
    for rule in RULES.values():
        for length in (1, 4, 6, 8, 10):
            assert isinstance(rule(digits[:length], TODAY), Refused)
    assert isinstance(RULES["nina"](digits + "1234A", TODAY), Refused)


@pytest.mark.parametrize("letter", ["ſ", "ı", "ﬁ", "ß", "А", "Ａ"])
def test_letters_that_only_look_latin_are_refused(letter: str) -> None:
    assert isinstance(RULES["nina"](f"12345678901234{letter}", TODAY), Refused)
    assert isinstance(RULES["nina"](f"1234567890{letter}", TODAY), Refused)
    assert isinstance(RULES["nina"](f"{letter * 7}A", TODAY), Refused)


def test_a_year_is_never_after_the_day_of_the_answer() -> None:
    assert isinstance(RULES["year"]("2026", date(2026, 1, 1)), Accepted)
    assert RULES["year"]("2026", date(2025, 12, 31)) == Refused("problem.year")


def test_a_year_has_the_bounds_of_its_field() -> None:
    lately = of(FieldKind.YEAR, 2000, 2010)
    assert [text for text in ("1999", "2000", "2010", "2011") if _taken(lately, text)] == [
        "2000",
        "2010",
    ]


def test_a_tender_is_known_from_its_first_day_to_its_last() -> None:
    day = timedelta(days=1)
    days = (OPENS - day, OPENS, CLOSES, CLOSES + day)
    verdicts = [isinstance(RULES["tender"]("2026114", each), Accepted) for each in days]
    assert verdicts == [False, True, True, False]


@pytest.mark.parametrize("kind", [FieldKind.PLACE, FieldKind.CHOICE])
def test_a_place_and_a_choice_are_chosen_never_typed(kind: FieldKind) -> None:
    with pytest.raises(ValueError, match=f"a {kind} is chosen, not typed"):
        of(kind)


@given(st.text(max_size=30))
def test_whatever_is_typed_a_rule_answers(text: str) -> None:
    for rule in RULES.values():
        verdict = rule(text, TODAY)
        assert isinstance(verdict, Accepted | Refused)
        if isinstance(verdict, Accepted):
            assert verdict.value.isascii()
            assert verdict.value.isalnum()
            assert rule(verdict.value, TODAY) == verdict


@pytest.mark.parametrize(("name", "drawn"), [("bill", 8), ("receipt", 14)])
@given(data=st.data())
def test_a_number_with_one_wrong_digit_or_two_swapped_is_refused(
    name: str, drawn: int, data: st.DataObject
) -> None:
    rule = RULES[name]
    number = check_digits.append(data.draw(st.text("0123456789", min_size=drawn, max_size=drawn)))
    assert rule(number, TODAY) == Accepted(number)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from("0123456789"))
    other = data.draw(st.integers(0, len(number) - 1))
    swapped = list(number)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    for mistaken in (number[:place] + wrong + number[place + 1 :], "".join(swapped)):
        assert _taken(rule, mistaken) == (mistaken == number)


def _taken(rule: Rule, text: str) -> bool:
    return isinstance(rule(text, TODAY), Accepted)
