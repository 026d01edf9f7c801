"""What comes back from an operator, word by word; and words nobody documented."""

import pytest

from domain.payment import OPEN, Evidence, Kind, Source
from payments.evidence import fold
from payments.operators.base import Answer, NoAnswer, Prepared, Token
from tests.contract.operators.case import FRANCS, Case, Shape, Told
from tests.contract.operators.cases import CASES, every, every_case

UNDOCUMENTED: tuple[object, ...] = (
    "TELEPORTED", "SUCCESS", "SUCCESSFUL", "successfull", "SUCCESSFULL ", "FAILED ", "failed",
    "REVERSED", "REFUSED", "", " ", "x" * 5000, "❌",
    None, True, False, 0, 200, 4.5,
    [], ["FAILED"], {}, {"FAILED": 1},
)  # fmt: skip
UNKEPT = ("FAILED\x00", "\ud800", "\x1b[2J")  # what no database, or no terminal, should be given
NO_AMOUNTS: tuple[object, ...] = (
    None, "", " ", "0", 0, "-3000", -3000, "3000.50", 3000.5, "3 000", "3000 F", "3e3", "٣٠٠٠",
    True, False, [], [3000], {}, "9" * 12, 10**12, "9" * 5000,
)  # fmt: skip
NO_TRANSACTIONS: tuple[object, ...] = (None, "", 0, 5, True, [], {}, ["MP1"], "M\x001", "\ud800")


@every(lambda case: case.tokens)
def test_a_bearer_is_read_or_there_is_none(case: Case, told: Told[Token | None]) -> None:
    assert case.operator.read_authorise(told.outcome) == told.meaning


@every(lambda case: case.lives)
def test_a_sign_of_life_is_read(case: Case, told: Told[bool]) -> None:
    assert case.operator.read_heartbeat(told.outcome) is told.meaning


@every_case
def test_no_answer_and_trouble_of_the_operator_are_no_sign_of_life(case: Case) -> None:
    broken = (*NoAnswer, *(Answer(status, b"") for status in (500, 502, 503, 504, 599)))
    assert not [told for told in broken if case.operator.read_heartbeat(told)]


@every(lambda case: case.keys)
def test_a_key_is_read_or_there_is_none(case: Case, told: Told[Prepared | None]) -> None:
    assert case.operator.read_prepare(told.outcome) == told.meaning


@every(lambda case: case.collected)
def test_the_reply_to_the_collection_is_evidence(
    case: Case, told: Told[tuple[Evidence, ...]]
) -> None:
    assert case.operator.read_collect(told.outcome, case.order) == told.meaning


@every(lambda case: case.inquired)
def test_the_answer_to_an_inquiry_is_evidence(case: Case, told: Told[tuple[Evidence, ...]]) -> None:
    assert case.operator.read_inquire(told.outcome, case.order) == told.meaning


@every_case
@pytest.mark.parametrize("word", UNDOCUMENTED, ids=lambda word: repr(word)[:20])
def test_a_word_nobody_documented_is_pending_and_an_alarm(case: Case, word: object) -> None:
    for source, facts in case.readings(lambda shape: shape.saying(word)):
        assert [(fact.kind, fact.source) for fact in facts] == [(Kind.UNRECOGNISED, source)]
        standing = fold(FRANCS, facts)
        assert standing.status in OPEN
        assert standing.alarms


@every_case
@pytest.mark.parametrize("word", UNDOCUMENTED, ids=lambda word: repr(word)[:20])
def test_an_undocumented_word_is_kept_but_not_at_any_length(case: Case, word: object) -> None:
    for _, (fact,) in case.readings(lambda shape: shape.saying(word)):
        assert fact.word is not None
        assert len(fact.word) <= 100


@every_case
@pytest.mark.parametrize("word", UNKEPT, ids=repr)
def test_a_word_that_cannot_be_kept_is_kept_otherwise(case: Case, word: str) -> None:
    for _, facts in case.readings(lambda shape: shape.saying(word)):
        assert fold(FRANCS, facts).status in OPEN
        for fact in facts:
            assert (fact.word or "").isprintable()


@every_case
@pytest.mark.parametrize("amount", NO_AMOUNTS, ids=lambda amount: repr(amount)[:20])
def test_a_success_without_an_amount_confirms_nothing(case: Case, amount: object) -> None:
    for _, (fact,) in case.readings(lambda shape: shape.paid and shape.paid("MP1", amount)):
        assert fact.kind is Kind.UNRECOGNISED


@every_case
@pytest.mark.parametrize("ref", NO_TRANSACTIONS, ids=repr)
def test_a_success_without_a_transaction_confirms_nothing(case: Case, ref: object) -> None:
    for _, (fact,) in case.readings(lambda shape: shape.paid and shape.paid(ref, str(FRANCS))):
        assert fact.kind is Kind.UNRECOGNISED


def names_of(case: Case) -> list[tuple[Source, Shape, str]]:
    shapes = ((Source.REPLY, case.reply), (Source.INQUIRY, case.inquiry))
    return [
        (source, shape, about) for source, shape in shapes if shape for about in shape.of_others
    ]


@pytest.mark.parametrize(
    ("case", "source", "shape", "about"),
    [
        pytest.param(case, source, shape, about, id=f"{case.name}, {source}: {about}")
        for case in CASES
        for source, shape, about in names_of(case)
    ],
)
def test_what_is_said_of_another_payment_is_neither_money_nor_a_failure(
    case: Case, source: Source, shape: Shape, about: str
) -> None:
    read = case.operator.read_collect if source is Source.REPLY else case.operator.read_inquire
    facts = read(shape.of_others[about], case.order)
    assert [(fact.kind, fact.source) for fact in facts] == [(Kind.UNRECOGNISED, source)]
    standing = fold(FRANCS, facts)
    assert standing.status in OPEN
    assert standing.alarms


@every_case
def test_every_answer_names_its_payment_or_there_is_a_reason(case: Case) -> None:
    for shape in filter(None, (case.reply, case.inquiry)):
        assert bool(shape.of_others) is not bool(shape.names_nobody)


@every_case
def test_what_is_said_of_another_payment_is_no_place_to_ask(case: Case) -> None:
    """Else the next inquiry would be about the other one, and so for ever."""
    named = [(shape, about) for _, shape, about in names_of(case) if "currency" not in about]
    for shape, about in named:
        key = case.operator.read_key(shape.of_others[about], case.order)
        assert key is None or case.order.attempt_id in key


@every_case
def test_another_amount_is_told_as_it_is_and_left_to_the_rules(case: Case) -> None:
    other = str(FRANCS - 100)
    for _, (fact,) in case.readings(lambda shape: shape.paid and shape.paid("MP1", other)):
        assert (fact.kind, fact.francs) == (Kind.PAID, FRANCS - 100)
