"""The reasons payments give and the outcomes the dialogue foresees are the same words."""

from menus.screens import Work
from payments.intent import Refusal
from tests.dialogues.world import DIALOGUE


def test_every_door_to_a_payment_foresees_every_refusal() -> None:
    doors = [DIALOGUE["bill.open"], DIALOGUE["request.open"]]
    for door in doors:
        assert isinstance(door, Work)
        assert {refusal.value for refusal in Refusal} <= door.outcomes.keys()
