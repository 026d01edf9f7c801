"""The same dialogue gives the same screens in every dialect, up to the end of the session."""

import pytest

from homologation.gateways.base import How, Screen
from homologation.line import Line
from tests.contract.aggregators.subscriber import OTHER, Net, pay
from tests.contract.aggregators.wire import carries_deep_dials
from tests.integration.web.words import confirm, words

MODEL = "africastalking"
UNKNOWN_BILL, UNKNOWN_RECEIPT = "4821937028", "1234567890123456"
# Without a star: it stands between two answers where everything typed comes as one text.
ANSWERS = [
    ["1", "1", UNKNOWN_BILL, "0", "00", "9", "x", "2", "00", "98", "3"],
    ["2", "1", "0", "3", "1", "12", "1998", "1", "3", "0", "00"],
    ["1", "3", "1", "98", "0", "4", "5", "#", "", "00"],
]
DIALLED = ["*789#", f"*789*1*{UNKNOWN_BILL}#", f"*789*9*{UNKNOWN_RECEIPT}#", "*789*7#"]
HOWS = pytest.mark.parametrize("how", How)


@pytest.fixture
def model(net: Net) -> Net:
    """The network of the first dialect, beside the one that is tried."""
    return Net(net.door, net.clock, MODEL)


def walk(line: Line, answers: list[str]) -> list[Screen]:
    """What is shown at first, and after each answer while there is a session."""
    screens = [line.screen]
    for answer in answers:
        if screens[-1].ends:
            break
        screens.append(line.type(answer))
    return screens


def begins(screen: Screen, text: str) -> bool:
    """Whether a screen begins as one of Africa's Talking does."""
    return f"{'END' if screen.ends else 'CON'} {screen.text}".startswith(text)


@pytest.mark.parametrize("answers", ANSWERS)
def test_a_walk_through_the_menus(net: Net, model: Net, answers: list[str]) -> None:
    expected = walk(model.dialled(number=OTHER), answers)
    assert len(expected) > len(answers) / 2
    assert walk(net.dialled(), answers) == expected


@pytest.mark.parametrize("dialled", DIALLED)
def test_what_is_dialled_in_one_string(net: Net, model: Net, dialled: str) -> None:
    if not carries_deep_dials(net.dialect):
        dialled = "*789#"
    expected = walk(model.dialled(dialled, OTHER), ["1", "00"])
    assert walk(net.dialled(dialled), ["1", "00"]) == expected


def test_a_fine_from_the_main_menu_to_its_payment(net: Net, model: Net) -> None:
    number = net.door.fine()
    line, known = net.asked(number), model.dialled(number=OTHER)
    assert begins(line.screen, confirm(number))
    assert known.type("1", "1", number) == line.screen
    line.type("1")
    assert begins(line.screen, f"END {words('pay.sent')}")
    assert net.attempts(number) == 1


def test_a_fine_dialled_in_one_string_to_its_payment(net: Net) -> None:
    if not carries_deep_dials(net.dialect):
        return
    number = net.door.fine()
    line = net.dialled(f"*789*1*{number}#")
    assert begins(line.screen, confirm(number))
    line.type("1")
    assert begins(line.screen, f"END {words('pay.sent')}")
    assert net.attempts(number) == 1


def test_a_fine_dialled_just_after_sessions_were_lost_is_shown_twice(net: Net) -> None:
    if not carries_deep_dials(net.dialect):
        return
    number = net.door.fine()
    net.lose_sessions()
    line = net.dialled(f"*789*1*{number}#")
    assert begins(line.screen, confirm(number))
    assert begins(line.type("1"), confirm(number))
    assert not net.attempts(number)
    assert begins(line.type("1"), f"END {words('pay.sent')}")
    assert net.attempts(number) == 1


def test_a_code_that_is_not_ours_is_told_so(net: Net) -> None:
    line = net.dialled("*456#")
    assert begins(line.screen, f"END {words('unknown_code')}")


@HOWS
def test_the_end_of_a_session_is_taken_in(net: Net, how: How) -> None:
    line = net.dialled()
    line.type("1")
    before = net.counted(how)
    answer = line.hang_up(how)
    if answer is not None:
        assert answer.status < 300
        assert net.counted(how) == before + 1


@HOWS
def test_who_has_paid_and_saw_no_last_screen_is_told_by_sms(net: Net, how: How) -> None:
    number = net.door.fine()
    line = net.asked(number)
    pay(line)
    if line.hang_up(how) is not None:
        assert bool(net.messages()) is (how is not How.CLEAN)
