"""Every SMS, in every language, at its longest: one GSM-7 segment that says what it must."""

import pytest

from domain import gsm7
from domain.payment import Failure
from sms import notices
from tests.unit.parts.announcements import (
    AMOUNT,
    ATTEMPT,
    BILL_NUMBER,
    COMPLETE,
    DIAL_CODE,
    LANGUAGES,
    RECEIPT_NUMBER,
    SERVICES,
    TEXTS,
    all_of,
)

HELP_LINE = "80 00 22 22"


def sent(template: str, lang: str, service: str = "birth_copy") -> str:
    chosen = next(n for n in all_of(service) if n.template == template)
    return notices.write(chosen, lang, TEXTS)


def test_the_languages_and_the_services_are_those_on_offer() -> None:
    assert set(COMPLETE) <= set(LANGUAGES)
    assert {"fine", "cni", "birth_copy"} <= set(SERVICES)


def test_every_template_is_made_by_some_fact() -> None:
    assert {notice.template for notice in all_of("fine")} == set(notices.TEMPLATES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_notice_is_one_segment_in_the_letters_of_the_wire(lang: str) -> None:
    for notice in (notice for service in SERVICES for notice in all_of(service)):
        text = notices.write(notice, lang, TEXTS)
        septets = gsm7.septets(text)
        assert septets is not None, text
        assert septets <= gsm7.SMS_SEPTETS, text
        assert gsm7.segments(text) == 1
        assert not set(text) & set("{}?\n"), text  # nothing unfilled, nothing unwritable
        assert (BILL_NUMBER in text) == (notice.template != "sms.unowned")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_receipt_says_what_how_much_when_who_and_how_to_check_it(lang: str) -> None:
    for service in SERVICES:
        text = sent("sms.receipt", lang, service)
        label = gsm7.to_wire(TEXTS.get(lang, f"service.{service}"), lang)
        told = (label, BILL_NUMBER, AMOUNT, "22/11/26 23:59", "****1234")
        for part in (*told, f"*789*9*{RECEIPT_NUMBER}#", HELP_LINE):
            assert part in text, service


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_failure_gives_its_reason_and_how_to_pay_again(lang: str) -> None:
    values = next(n for n in all_of("fine") if n.template == "sms.failed").values
    for reason in Failure:
        text = notices.write(notices.failed(ATTEMPT, reason, values), lang, TEXTS)
        words = TEXTS.get(lang, f"failure.{reason}", wallet_name="Orange Money")
        assert gsm7.to_wire(words, lang) in text, reason
        assert f"*789*1*{BILL_NUMBER}#" in text, reason
        assert AMOUNT in text, reason


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("sms.unknown", ["Orange Money", AMOUNT]),
        ("sms.dial", [DIAL_CODE, AMOUNT]),
        ("sms.under_way", ["Orange Money", AMOUNT]),
        ("sms.busy", ["Orange Money", AMOUNT, "15", f"*789*1*{BILL_NUMBER}#"]),
        ("sms.reversed", ["Orange Money", AMOUNT, RECEIPT_NUMBER, f"*789*1*{BILL_NUMBER}#"]),
        ("sms.mismatch", ["2 000 000 F CFA", AMOUNT]),
        ("sms.surplus", [AMOUNT]),
        ("sms.unowned", ["Orange Money", AMOUNT]),
        ("sms.heads_up", ["76121234", AMOUNT, "Trésor Public"]),
    ],
)
def test_the_others_say_what_one_needs_to_act(lang: str, template: str, told: list[str]) -> None:
    text = sent(template, lang)
    for part in told:
        assert part in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_the_warning_before_a_prompt_names_a_whole_number_and_only_the_callers(
    lang: str,
) -> None:
    naming = {n.template for n in all_of("fine") if "7612" in notices.write(n, lang, TEXTS)}
    assert naming == {"sms.heads_up"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_asks_for_a_secret_code(lang: str) -> None:
    for notice in all_of("fine"):
        assert "PIN" not in notices.write(notice, lang, TEXTS).upper().split()


@pytest.mark.parametrize("lang", COMPLETE)
def test_every_template_and_reason_is_in_the_complete_languages(lang: str) -> None:
    ids = [*notices.TEMPLATES, *(f"failure.{reason}" for reason in Failure)]
    assert set(ids) <= TEXTS.ids(lang)
    assert {f"service.{service}" for service in SERVICES} <= TEXTS.ids(lang)


def test_a_fact_is_told_once_and_two_facts_are_told_apart() -> None:
    events = [notice.event for notice in all_of("fine")]
    assert events == [notice.event for notice in all_of("fine")]
    apart = {notice.event for notice in all_of("fine")}
    assert len(apart) == len(notices.TEMPLATES)  # a failure is one fact, whatever its reason
    other = notices.surplus(ATTEMPT, "MP2", {}).event
    assert other not in apart


def test_a_receipt_asked_for_again_is_another_fact_each_time_with_the_same_words() -> None:
    first = next(n for n in all_of("fine") if n.template == "sms.receipt")
    wished = [notices.receipt_again(RECEIPT_NUMBER, wish, first.values) for wish in ("a-1", "a-2")]
    assert len({first.event, *(notice.event for notice in wished)}) == 3
    assert wished[0] == notices.receipt_again(RECEIPT_NUMBER, "a-1", first.values)
    assert {notices.write(notice, "fr", TEXTS) for notice in (first, *wished)} == {
        notices.write(first, "fr", TEXTS)
    }
