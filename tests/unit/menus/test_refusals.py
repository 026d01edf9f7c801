"""The reasons payments give and the outcomes the dialogue foresees are the same words."""

from menus.screens import Work
from payments.intent import Refusal
from tests.dialogues.world import DIALOGUE


def test_every_door_to_a_payment_foresees_every_refusal() -> None:
    doors = [node for node in DIALOGUE.values() if isinstance(node, Work) and node.pays]
    assert doors
    for door in doors:
        assert {refusal.value for refusal in Refusal} <= door.outcomes.keys()
        assert {"opened", "opened_other", "which_number", "wallet_down"} <= door.outcomes.keys()
