"""Going back and choosing otherwise: what is paid is what the last screen said, nothing older."""

from domain import check_digits
from tests.dialogues.play import last_screen, play

FIRST, SECOND = (check_digits.append(drawn) for drawn in ("30518274", "30518275"))
FINE = """
@ amende 4821937028: demo_parking du 12/11/2026
> *789*1*4821937028#
~ -> home fr
~ -> due
"""
OURS = "OpenPayment 4821937028 v1 orange_mp de ce téléphone"


def effects(story: str) -> list[str]:
    lines = play(story).split("\n")
    return [line[2:].partition(" ->")[0] for line in lines if line.startswith("~ ")]


def test_the_calling_telephone_pays_again_when_the_other_number_is_taken_back() -> None:
    story = FINE + "> 2\n> 2\n> 76123456\n> 0\n> 0\n> 0\n"
    assert "1 Payer: Orange Money" in last_screen(story)
    assert effects(f"{story}> 1\n~ -> opened\n")[-1] == OURS


def test_the_calling_telephone_pays_again_after_it_was_asked_which_number() -> None:
    story = FINE + "> 1\n~ -> which_number\n> 76123456\n> 0\n> 0\n"
    assert "1 Payer: Orange Money" in last_screen(story)
    assert effects(f"{story}> 1\n~ -> which_number\n")[-1] == OURS


def test_the_other_number_is_still_named_after_the_bill_changed_meanwhile() -> None:
    story = FINE + "> 2\n> 2\n> 76123456\n> 1\n~ -> changed\n~ -> due\n> 0\n"
    assert "1 Orange Money 76123456 paie" in last_screen(story)
    assert effects(f"{story}> 1\n~ -> opened_other\n")[-1].endswith(" de 76123456")


def test_a_card_asked_for_again_with_a_number_is_confirmed_with_it() -> None:
    one, other = "11111111111111A", "22222222222222B"
    story = f"""
> *789*2*1*{one}#
~ -> home fr
~ -> due {FIRST}
> 0
> 1
~ -> due {SECOND}
> 0
> {other}
~ -> due {FIRST}
"""
    assert f"NINA {other}" in last_screen(story)


def test_a_card_asked_for_again_without_a_number_is_confirmed_without() -> None:
    story = f"""
> *789*2*1*1#
~ -> home fr
~ -> due {FIRST}
> 0
> 11111111111111A
~ -> due {SECOND}
> 0
> 1
~ -> due {FIRST}
"""
    assert "Sans NINA" in last_screen(story)


def test_an_act_asked_for_after_a_card_is_confirmed_as_an_act() -> None:
    act = f"> 3\n> 1\n> 194\n> 1998\n> 7\n> 2\n~ -> due {FIRST}\n"
    card = f"> 2\n> 1\n> 1\n~ -> due {SECOND}\n"
    back_home = "> 0\n" * 6
    story = f"> *789#\n~ -> home fr\n{act}{back_home}{card}> 0\n> 0\n> 0\n{act}"
    assert "No 194, 1998, Kati" in last_screen(story)


def test_what_was_paid_before_keeps_its_date_when_it_is_read_again() -> None:
    story = f"""
@ demande {FIRST}: payée le 22/11/2026
> *789*3*1*194*1998*7*2#
~ -> home fr
~ -> paid_before {FIRST}
"""
    warned = last_screen(story)
    assert any("22/11/2026" in line for line in warned)
    assert last_screen(f"{story}> 1\n~ -> due {SECOND}\n> 0\n") == warned


def test_paying_one_request_again_does_not_silence_the_warning_for_another() -> None:
    story = f"""
@ demande {FIRST}: payée le 22/11/2026
> *789*3*1*194*1998*7*2#
~ -> home fr
~ -> paid_before {FIRST}
> 1
~ -> due {SECOND}
> 0
> 0
> 3
~ -> due {FIRST}
"""
    _, _, again, other = effects(story)
    assert again == "RequestBill birth_copy act=194 year=1998 place=kati copies=2 encore"
    assert other == "RequestBill birth_copy act=194 year=1998 place=kati copies=3"
