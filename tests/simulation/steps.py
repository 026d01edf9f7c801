"""What may happen in one step, and how often: the dice choose."""

from collections.abc import Callable
from datetime import timedelta

from tests.simulation.citizen import Citizen
from tests.simulation.faults import Fault
from tests.simulation.world import World

Deed = Callable[[World], None]


def somebody(world: World) -> Citizen:
    return world.dice.choice(world.citizens)


def act(world: World) -> None:
    """Somebody who means to pay takes their next step."""
    citizen = somebody(world)
    if not citizen.in_session or world.dice.random() < 0.1:
        dial(world, citizen)
    else:
        citizen.press(next_key(world, citizen))
    see(citizen, world.turn(citizen, citizen.typed))


def dial(world: World, citizen: Citizen) -> None:
    bill = world.dice.choice(citizen.bills)
    used_again = citizen.session_id and world.dice.random() < 0.1
    session_id = citizen.session_id if used_again else f"s{world.dice.getrandbits(48):x}"
    deep = ("1", bill) if world.dice.random() < 0.6 else ()
    # Under an id used again the same text and one key more is the session going on: an answer.
    hasty = deep and not used_again and world.dice.random() < 0.2
    extra = ("1",) if hasty else ()
    citizen.dial(session_id, (*deep, *extra))


def next_key(world: World, citizen: Citizen) -> str:
    """Mostly the key of somebody who means to pay."""
    if world.dice.random() < 0.15:
        return world.dice.choice(("0", "00", "98", "2", "9", "x", "1"))
    if "Numéro de l'amende" in citizen.screen:
        return world.dice.choice(citizen.bills)
    return "1"


def see(citizen: Citizen, screen: str | None) -> None:
    if screen is None:
        return
    citizen.screen = screen
    assert not citizen.foreign(), f"{citizen.number} sees {citizen.foreign()}"


def repeat_turn(world: World) -> None:
    citizen = somebody(world)
    if citizen.session_id:
        world.meet(Fault.TURN_REPEATED)
        before = citizen.screen
        screen = world.turn(citizen, citizen.typed)
        if before and screen is not None and "indisponible" not in before + screen:
            see(citizen, screen)


def late_turn(world: World) -> None:
    """A gateway sends again what it has sent before, and nothing else."""
    citizen = somebody(world)
    if citizen.sent:
        world.meet(Fault.TURN_LATE)
        screen = world.turn(citizen, world.dice.choice(citizen.sent))
        assert screen is None or not set(_numbers(screen)) - set(citizen.bills)


def hang_up(world: World) -> None:
    citizen = somebody(world)
    if citizen.session_id:
        world.meet(Fault.SESSION_CUT)
        world.hang_up(citizen, world.dice.choice(("Incomplete", "Failed", "Success")))
        citizen.screen = ""


def both(world: World) -> None:
    """Two who know the same bill dial it at the same moment, and both agree."""
    world.meet(Fault.TWO_CITIZENS)
    first, second = world.dice.sample(world.citizens, 2)
    shared = set(first.bills) & set(second.bills)
    if shared:
        bill = min(shared)
        for citizen in (first, second):
            citizen.dial(f"s{world.dice.getrandbits(48):x}", ("1", bill))
            see(citizen, world.turn(citizen, citizen.typed))
        for citizen in (first, second):
            if citizen.in_session:
                citizen.press("1")
                see(citizen, world.turn(citizen, citizen.typed))


def pass_time(world: World) -> None:
    world.advance(world.dice.choice((0.3, 1, 2, 5, 12, 30)))


def trouble(world: World) -> None:
    """Something of the machine or of the world goes wrong for a while."""
    TROUBLES[world.dice.randrange(len(TROUBLES))](world)


def database_away(world: World) -> None:
    world.meet(Fault.DATABASE_DOWN)
    world.machine.away = True
    world.clock.later(world.dice.uniform(1, 30), lambda: setattr(world.machine, "away", False))


def operator_down(world: World) -> None:
    world.bank.down_until = world.clock.now() + timedelta(seconds=world.dice.uniform(2, 40))


def revoke(world: World) -> None:
    world.meet(Fault.BEARER_REVOKED)
    world.bank.revoke()


def forget(world: World) -> None:
    world.meet(Fault.SESSIONS_LOST)
    world.memory.forget()


def empty_queue(world: World) -> None:
    world.meet(Fault.QUEUE_EMPTIED)
    world.memory.awake = False


def jump(world: World) -> None:
    forward = world.dice.random() < 0.5
    world.meet(Fault.CLOCK_FORWARD if forward else Fault.CLOCK_BACK)
    world.clock.skew = timedelta(seconds=world.dice.uniform(1, 3600) * (1 if forward else -1))
    world.clock.later(world.dice.uniform(5, 120), lambda: setattr(world.clock, "skew", timedelta()))


def silence_sms(world: World) -> None:
    world.sms_down = True
    world.clock.later(world.dice.uniform(5, 60), lambda: setattr(world, "sms_down", False))


def change_bill(world: World) -> None:
    if not world.machine.away:
        fault = Fault.BILL_CANCELLED if world.dice.random() < 0.3 else Fault.BILL_ALTERED
        calm, world.calm = world.calm, True
        world.change_bill(world.dice.choice(world.bills).bill_number, fault)
        world.calm = calm


TROUBLES: tuple[Deed, ...] = (
    database_away, operator_down, revoke, forget, empty_queue, jump, silence_sms, change_bill,
)  # fmt: skip
DEEDS: tuple[tuple[Deed, int], ...] = (
    (act, 34), (pass_time, 22), (World.work, 18), (World.sweep, 8), (repeat_turn, 4),
    (late_turn, 3), (hang_up, 2), (both, 2), (trouble, 5),
)  # fmt: skip
_DEEDS = [deed for deed, _ in DEEDS]
_WEIGHTS = [weight for _, weight in DEEDS]


def step(world: World) -> None:
    """Let one thing happen."""
    world.dice.choices(_DEEDS, _WEIGHTS)[0](world)


def heal(world: World) -> None:
    """End every trouble and let everything come to rest."""
    world.calm = world.bank.calm = True
    world.machine.away = world.sms_down = False
    world.clock.skew = timedelta()
    world.bank.down_until = world.clock.now()


def _numbers(screen: str) -> list[str]:
    return [word for word in screen.split() if len(word) == 10 and word.isdigit()]
