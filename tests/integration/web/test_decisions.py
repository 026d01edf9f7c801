"""Who decides about a doubt, when, and how often: two people, once, and not before its time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import sleep

import pytest

from domain.bill import BillStatus
from domain.payment import Evidence, Kind, Source, Status
from tests.integration.web.bank import leave_in_doubt
from tests.integration.web.citizen import Door, Phone, at_once, everything
from tests.integration.web.till import Clock, attempts_of, bill_of, messages_of
from tests.integration.web.words import UNDER_WAY
from ussd_app.store import alarms, decisions
from ussd_app.usecases import doubt, settle

REASON = "the operator says in a letter that nothing moved"


@pytest.fixture
def number(door: Door, clock: Clock, phone: Phone) -> str:
    """A bill whose debit was asked for and never answered."""
    return leave_in_doubt(door, clock, phone)


@pytest.fixture
def attempt_id(door: Door, clock: Clock, number: str) -> str:
    """The attempt of that bill, when patience is over."""
    clock.advance(hours=2)
    return attempts_of(door.context, number)[0].attempt_id


def test_an_unknown_attempt_or_an_empty_word_decides_nothing(door: Door, attempt_id: str) -> None:
    before = everything(door.context)
    for wrong in (("0" * 32, REASON, "awa"), (attempt_id, " ", "awa"), (attempt_id, REASON, " ")):
        with pytest.raises(doubt.DecisionError):
            doubt.propose(door.context, *wrong)
    with pytest.raises(doubt.DecisionError, match="nothing is proposed"):
        doubt.confirm(door.context, attempt_id, "bakary")
    assert everything(door.context) == before


def test_one_proposal_and_one_confirmation(door: Door, attempt_id: str) -> None:
    doubt.propose(door.context, attempt_id, REASON, "awa")
    with pytest.raises(doubt.DecisionError, match="proposed before"):
        doubt.propose(door.context, attempt_id, "another reason", "bakary")
    doubt.confirm(door.context, attempt_id, "bakary")
    with pytest.raises(doubt.DecisionError, match="nothing to decide"):
        doubt.confirm(door.context, attempt_id, "coumba")
    with door.context.db.begin() as tx:
        kept = decisions.find(tx, attempt_id)
    assert kept is not None
    assert (kept.reason, kept.proposed_by, kept.confirmed_by) == (REASON, "awa", "bakary")


SAME = [
    "Awa Traoré",
    "AWA TRAORÉ",
    "  awa   traoré ",
    "Awa Traore",
    "Awa Traore\u0301",  # the accent a letter of its own
    "Traoré Awa",
    "Traoré, Awa",
    "awa.traore",
    "AwaTraoré",
    "ＡＷＡ Traoré",  # letters of another width
    "",
    "  ",
    "...",
]


@pytest.mark.parametrize("same", SAME)
def test_it_takes_another_person(door: Door, number: str, attempt_id: str, same: str) -> None:
    doubt.propose(door.context, attempt_id, REASON, "Awa Traoré")
    before = everything(door.context)
    with pytest.raises(doubt.DecisionError, match="another person"):
        doubt.confirm(door.context, attempt_id, same)
    assert everything(door.context) == before
    doubt.confirm(door.context, attempt_id, "bakary")
    assert attempts_of(door.context, number)[0].status is Status.CLOSED_UNPAID


@pytest.mark.parametrize(
    "same",
    ["Awa NDiaye", "awa n\u2019diaye", "N\u02bcDIAYE Awa", "Awa N`Diaye", "Awa N\u00b4Diaye"],
)
def test_an_apostrophe_makes_nobody_another_person(door: Door, attempt_id: str, same: str) -> None:
    doubt.propose(door.context, attempt_id, REASON, "Awa N'Diaye")
    with pytest.raises(doubt.DecisionError, match="another person"):
        doubt.confirm(door.context, attempt_id, same)


UNFIT = ["Аwa Traoré", "Awa\u200b Traoré", "Awa\nTraoré", "Awa\udcff", "a" * 81]


@pytest.mark.parametrize("unfit", UNFIT, ids=ascii)
def test_a_name_that_only_looks_like_another_decides_nothing(
    door: Door, attempt_id: str, unfit: str
) -> None:
    with pytest.raises(doubt.DecisionError, match="letters"):
        doubt.propose(door.context, attempt_id, REASON, unfit)
    doubt.propose(door.context, attempt_id, REASON, "Awa Traoré")
    before = everything(door.context)
    with pytest.raises(doubt.DecisionError, match="letters"):
        doubt.confirm(door.context, attempt_id, unfit)
    assert everything(door.context) == before


def test_another_person_may_have_almost_the_same_name(door: Door, attempt_id: str) -> None:
    doubt.propose(door.context, attempt_id, REASON, "Awa Traoré")
    doubt.confirm(door.context, attempt_id, "Hawa N\u02bcDiaye Traoré")


def test_nothing_is_decided_while_the_operator_may_still_tell(
    door: Door, clock: Clock, number: str, *, phone: Phone
) -> None:
    (attempt,) = attempts_of(door.context, number)
    before = everything(door.context)
    with pytest.raises(doubt.DecisionError, match="may still tell"):
        doubt.propose(door.context, attempt.attempt_id, REASON, "awa")
    assert everything(door.context) == before
    assert phone.show(number).startswith(UNDER_WAY)
    clock.advance(hours=2)
    doubt.propose(door.context, attempt.attempt_id, REASON, "awa")


def test_an_answer_that_arrives_during_the_decision_is_settled_first(
    door: Door, number: str, attempt_id: str
) -> None:
    """The worker holds the bill; whoever confirms waits for it, then sees what it learned."""
    doubt.propose(door.context, attempt_id, REASON, "awa")
    (attempt,) = attempts_of(door.context, number)
    money = Evidence(Kind.PAID, Source.INQUIRY, "MP1", attempt.francs)
    with ThreadPoolExecutor(1) as threads:
        with door.context.db.begin() as tx:
            settle.record(door.context, tx, attempt, [money])
            deciding = threads.submit(doubt.confirm, door.context, attempt_id, "bakary")
            wait_for_somebody_who_waits(door)
        with pytest.raises(doubt.DecisionError, match="succeeded"):
            deciding.result()
    with door.context.db.begin() as tx:
        decided, raised = decisions.find(tx, attempt_id), alarms.newest(tx, 10)
    assert decided is not None
    assert (decided.confirmed_by, raised) == (None, [])
    assert bill_of(door.context, number).status is BillStatus.PAID


def wait_for_somebody_who_waits(door: Door) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _ in range(500):
        with door.context.db.read() as tx:
            if tx.exec_driver_sql(waiting).scalar_one():
                return
        sleep(0.01)
    pytest.fail("nobody waits for the bill")


def test_of_many_who_decide_at_once_one_does(door: Door, number: str, attempt_id: str) -> None:
    def attempted(deed: Callable[[], object]) -> str:
        try:
            deed()
        except doubt.DecisionError as error:
            return str(error)
        return "done"

    propose, confirm = doubt.propose, doubt.confirm
    people = ["awa", "bakary", "coumba", "drissa"]
    proposals = [partial(propose, door.context, attempt_id, REASON, one) for one in people]
    assert at_once([partial(attempted, deed) for deed in proposals]).count("done") == 1
    others = [*people, "fatou"]
    confirmations = [partial(confirm, door.context, attempt_id, one) for one in others]
    assert at_once([partial(attempted, deed) for deed in confirmations]).count("done") == 1
    assert len(messages_of(door.context, "sms.failed")) == 1
    assert attempts_of(door.context, number)[0].status is Status.CLOSED_UNPAID
