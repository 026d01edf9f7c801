"""A crowd of subscribers who think, type, change their minds and lose the network.

Each waits for the screen before typing, and thinks for a while of random length; the gateway sends
some turns twice, and some sessions end in the middle. Nobody pays: what a payment costs is measured
elsewhere.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from homologation.gateways.base import Call, Gateway, How, Reply, Screen, Session, UnreadableError
from homologation.wire import LostError

Exchange = Callable[[Call], Awaitable[Reply]]
SCRIPTS = (  # what is typed after dialling; a new subscriber first chooses a language
    ("1", "1234567890", "0", "00"),
    ("3", "1", "1234", "1998", "1", "1", "00"),
    ("4", "1", "98", "0", "3"),
    ("9", "1234567890123456", "00"),
    ("2", "0", "4", "2", "1", "00"),
)
_LANGUAGE = "Langue"
_OURS = 1_000_000  # numbers, from +223 70 00 00 00 on


@dataclass(frozen=True, slots=True)
class Habits:
    """How the crowd behaves: seconds of thought on average, shares of turns and of sessions."""

    think_s: float = 3.0
    repeated: float = 0.02
    dropped: float = 0.05


@dataclass(slots=True)
class Figures:
    """What came of it. `latencies` in seconds, of every turn that was answered."""

    began: float
    latencies: list[float] = field(default_factory=list, repr=False)
    errors: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Turns answered a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The seconds within which this share of the turns was answered; 0 when none was."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Crowd:
    """Subscribers on the lines of one gateway."""

    def __init__(
        self, gateway: Gateway, exchange: Exchange, habits: Habits, code: str, seed: int
    ) -> None:
        self._gateway, self._exchange = gateway, exchange
        self._habits, self._code, self._seed = habits, code, seed
        self.figures = Figures(time.perf_counter())

    async def play(self, subscribers: int, seconds: float) -> Figures:
        """Let so many play for so long; return the figures."""
        until = time.perf_counter() + seconds
        await asyncio.gather(*(self._live(n, until) for n in range(subscribers)))
        self.figures.seconds = time.perf_counter() - self.figures.began
        return self.figures

    async def _live(self, subscriber: int, until: float) -> None:
        dice = Random(self._seed * _OURS + subscriber)  # noqa: S311  # a load is no secret
        number = f"+223{70_000_000 + subscriber % _OURS}"
        await asyncio.sleep(min(dice.random() * self._habits.think_s, until - time.perf_counter()))
        while time.perf_counter() < until:
            session = Session(number, f"{dice.getrandbits(64):016x}", self._code, self._code)
            try:
                self.figures.ends[await self._session(session, dice, until)] += 1
            except (LostError, UnreadableError) as error:
                self.figures.errors[str(error)] += 1
                self.figures.ends["failed"] += 1
                await asyncio.sleep(self._habits.think_s)

    async def _session(self, session: Session, dice: Random, until: float) -> str:
        """Play one session; return how it ended."""
        left = dice.random() < self._habits.dropped
        screen = await self._turn(session, self._gateway.open(session), dice)
        keys = list(dice.choice(SCRIPTS))
        if screen.text.startswith(_LANGUAGE):
            keys.insert(0, "1")
        stop = dice.randrange(len(keys)) if left else len(keys)
        for place, key in enumerate(keys):
            if screen.ends:
                return "ended"
            if place == stop or time.perf_counter() > until:
                await self._hang_up(session)
                return "dropped"
            thought = self._habits.think_s * dice.expovariate(1.0)
            await asyncio.sleep(max(0.0, min(thought, until - time.perf_counter())))
            session.typed.append(key)
            screen = await self._turn(session, self._gateway.answer(session), dice)
        if screen.ends:
            return "ended"
        await self._hang_up(session)
        return "left"

    async def _turn(self, session: Session, call: Call, dice: Random) -> Screen:
        began = time.perf_counter()
        reply = await self._exchange(call)
        self.figures.latencies.append(time.perf_counter() - began)
        if dice.random() < self._habits.repeated:
            again = await self._exchange(call)
            if again.body != reply.body:
                self.figures.errors["a turn repeated got other bytes"] += 1
        return self._gateway.read(session, reply)

    async def _hang_up(self, session: Session) -> None:
        if call := self._gateway.hang_up(session, How.CUT):
            await self._exchange(call)
