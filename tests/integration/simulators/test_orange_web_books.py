"""The pure parts of the simulated web payment: its fates, and the citizens who read their SMS."""

import pytest

from simulators.inbox import Inbox, Message, outbox_of
from simulators.orange_web.bank import Bank
from simulators.orange_web.citizen import Citizen
from simulators.orange_web.fates import FATES, Happening, fate_of
from simulators.orange_web.payment import Order, Page, Status
from tests.integration.simulators.harness import free_port
from tests.integration.simulators.shop import Clock, Dice

ORDER = Order("one", 3000, "4821937028", "http://sarali/notif", "http://sarali/")


class World:
    """A bank, and a citizen before an inbox."""

    def __init__(self, *messages: Message) -> None:
        self.clock = Clock()
        self.bank = Bank(self.clock, Dice().token)
        self.messages = list(messages)
        self.looks = 0
        self.citizen = Citizen(self.bank, Inbox(self.clock, self._inbox))
        self.clock.passing = self._pass

    def page(self) -> Page:
        return self.bank.create(ORDER)

    def _inbox(self) -> list[Message]:
        self.looks += 1
        return self.messages

    def _pass(self) -> None:
        self.citizen.look()
        self.bank.advance()


def sms(text: str) -> Message:
    return {"to": "+22376123400", "text": text}


def link(page: Page) -> Message:
    return sms(f"Payez: http://operator/page/{page.pay_token}")


def test_without_a_page_nobody_looks() -> None:
    world = World(sms("Bonjour"))
    world.clock.sleep(5)
    assert world.looks == 0


def test_a_citizen_looks_twice_a_second_at_most() -> None:
    world = World(sms("Bonjour"))
    world.page()
    for _ in range(10):
        world.citizen.look()
    assert world.looks == 1
    world.clock.sleep(2)
    assert world.looks == 5


def test_a_citizen_pays_once_by_the_link_in_the_sms() -> None:
    world = World(sms("Bonjour"))
    page = world.page()
    world.clock.sleep(1)
    assert page.status is Status.INITIATED
    world.messages += [link(page), link(page)]
    world.clock.sleep(1)
    assert (page.status, page.payer) == (Status.PENDING, "76123400")
    world.clock.sleep(30)
    assert [charge["payer"] for charge in world.bank.charges()] == ["+22376123400"]


def test_a_message_is_read_once() -> None:
    world = World()
    page = world.page()
    world.messages.append({"to": "+22376123412", "text": link(page)["text"]})
    world.clock.sleep(1)
    world.messages[0] = link(page)  # as many as before: nothing new
    world.clock.sleep(1)
    assert page.status is Status.INITIATED


def test_a_centre_that_begins_anew_is_read_from_the_start() -> None:
    world = World(sms("un"), sms("deux"))
    page = world.page()
    world.clock.sleep(1)
    world.messages[:] = [link(page)]
    world.clock.sleep(1)
    assert page.status is Status.PENDING


def test_a_centre_that_is_down_has_no_messages() -> None:
    assert list(outbox_of(free_port())()) == []


def test_the_table_has_the_fates_it_can_show() -> None:
    listed = "00 10 11 12 30 32 33 40 41 43"
    assert list(FATES) == listed.split()
    assert fate_of("76123420") is fate_of("76123442") is FATES["00"]
    used = {one for plan in FATES.values() for _, one in plan}
    assert used == set(Happening) - {Happening.EXPIRE}


@pytest.mark.parametrize("name", FATES)
def test_a_plan_is_in_order_and_soon_over(name: str) -> None:
    seconds = [at for at, _ in FATES[name]]
    assert seconds == sorted(seconds)
    assert all(0 < at <= 10 for at in seconds)
    assert [one for _, one in FATES[name]].count(Happening.DEBIT) <= 1
