"""ISO 7064 MOD 97-10: what a thumb gets wrong on a keypad is caught."""

from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain import check_digits
from domain.check_digits import BILL_DIGITS, RECEIPT_DIGITS

LENGTHS = [BILL_DIGITS, RECEIPT_DIGITS]


def numbers(length: int) -> st.SearchStrategy[str]:
    below = 10 ** (length - 2) - 1
    return st.integers(0, below).map(lambda n: check_digits.append(f"{n:0{length - 2}d}"))


@pytest.mark.parametrize(
    ("drawn", "whole"),
    [
        ("794", "79444"),  # the example of the standard itself
        # GB82 WEST 1234 5698 7654 32 and DE89 3704 0044 0532 0130 00, their letters as digits
        ("32142829123456987654321611", "3214282912345698765432161182"),
        ("3704004405320130001314", "370400440532013000131489"),
        ("0", "098"),
        ("00000000", "0000000098"),
    ],
)
def test_known_numbers(drawn: str, whole: str) -> None:
    assert check_digits.append(drawn) == whole
    assert check_digits.hold(whole, len(whole))


@pytest.mark.parametrize("drawn", ["", " ", "12a", "-12", "1 2", "١٢", "²", "12\n"])
def test_check_digits_are_of_digits_only(drawn: str) -> None:
    with pytest.raises(ValueError, match="digits only"):
        check_digits.append(drawn)


@pytest.mark.parametrize("length", LENGTHS)
@settings(max_examples=25)
@given(data=st.data())
def test_every_single_wrong_digit_is_caught(length: int, data: st.DataObject) -> None:
    right = data.draw(numbers(length))
    assert check_digits.hold(right, length)
    for place in range(length):
        for digit in set("0123456789") - {right[place]}:
            assert not check_digits.hold(right[:place] + digit + right[place + 1 :], length)


@pytest.mark.parametrize("length", LENGTHS)
@settings(max_examples=25)
@given(data=st.data())
def test_every_swap_of_two_digits_is_caught_however_far_apart(
    length: int, data: st.DataObject
) -> None:
    right = data.draw(numbers(length))
    for left_place, right_place in combinations(range(length), 2):
        digits = list(right)
        digits[left_place], digits[right_place] = digits[right_place], digits[left_place]
        swapped = "".join(digits)
        assert check_digits.hold(swapped, length) == (swapped == right)


@pytest.mark.parametrize("length", LENGTHS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_number_of_another_length_does_not_hold(length: int, data: st.DataObject) -> None:
    right = data.draw(numbers(length))
    for other in (right[:-1], right[1:], f"0{right}", f"{right}0", f" {right}", f"{right}\n"):
        assert not check_digits.hold(other, length)


@settings(max_examples=60)
@given(st.text(max_size=12))
@example("４８２１９３７０２８")
@example("+482193702")
@example("4_82193702")
@example(" 482193702")
def test_nothing_but_ascii_digits_holds(text: str) -> None:
    if not (text.isascii() and text.isdigit()):
        assert not check_digits.hold(text, len(text))


@pytest.mark.parametrize("drawn", ["00000000", "00000001", "00000033", "00000034", "00000065"])
def test_a_drawn_number_has_one_pair_of_check_digits_and_no_other_holds(drawn: str) -> None:
    holding = [f"{drawn}{check:02d}" for check in range(100)]
    assert [n for n in holding if check_digits.hold(n, BILL_DIGITS)] == [check_digits.append(drawn)]
