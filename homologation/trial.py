"""One session of the script as it went: what was sent, what came back, and what was to hold."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from domain import gsm7
from homologation import sample
from homologation.carrier import NoAnswerError
from homologation.gateways.all import GATEWAYS
from homologation.gateways.base import Call, Gateway, How, Reply, Screen, Session, UnreadableError
from homologation.line import Line, Send


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: who calls what, the septets of a screen, the seconds to an answer.

    `bill` is the number of one that may be shown, or empty.
    """

    number: str
    other: str
    code: str
    septets: int
    seconds: float
    bill: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """What a trial needs of the world: a way to send, a clock in seconds, ids never used before."""

    send: Send
    clock: Callable[[], float]
    new_id: Callable[[], str]


@dataclass(slots=True)
class Exchange:
    """A request and what came back; `screen` is what the subscriber reads of it."""

    call: Call
    reply: Reply | None
    seconds: float
    screen: Screen | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What was to hold, in French, and whether it did."""

    words: str
    held: bool


@dataclass(slots=True)
class Trial:
    """A session of the script, and its findings."""

    title: str
    purpose: str
    exchanges: list[Exchange] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether all of it held; a trial without a finding has shown nothing."""
        return bool(self.checks) and all(check.held for check in self.checks)


class Stage:
    """Where a trial is played."""

    def __init__(self, trial: Trial, dialect: str, terms: Terms, outside: Outside) -> None:
        self.terms = terms
        self.new_id = outside.new_id
        self._trial = trial
        self._gateway = _Noting(GATEWAYS[dialect], trial)
        self._own_refusals = any(
            each.kind == "refused" and each.answer.get("status", 0) == HTTPStatus.OK
            for each in sample.read(dialect)
        )
        self._outside = outside

    def line(self, number: str = "") -> Line:
        """Return the first telephone, or that of a `number`, before it dials."""
        terms = self.terms
        return Line(self._gateway, self.send, number or terms.number, terms.code)

    def dialled(self, dialled: str = "") -> Line:
        """Return the first telephone in a new session."""
        line = self.line()
        line.dial(self.new_id(), dialled)
        return line

    def send(self, call: Call) -> Reply:
        """Send a call and write down what came of it.

        Raises:
            NoAnswerError: nothing did.
        """
        begun = self._outside.clock()
        exchange = Exchange(call, None, 0.0)
        self._trial.exchanges.append(exchange)
        try:
            exchange.reply = self._outside.send(call)
        finally:
            exchange.seconds = self._outside.clock() - begun
        return exchange.reply

    def refuses(self, reply: Reply) -> bool:
        """Tell whether this is a refusal: by HTTP, or in the words of a dialect that has its own.

        Those are an answer the gateway can show to nobody.
        """
        if reply.status != HTTPStatus.OK:
            return HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR
        try:
            self._gateway.read(Session(self.terms.number, ""), reply)
        except UnreadableError:
            return self._own_refusals
        return False

    def send_at_once(self, call: Call, times: int) -> list[Reply]:
        """Send the same call several times at the same moment."""
        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(self.send, [call] * times))

    def check(self, words: str, *, held: bool) -> None:
        """Write down a finding."""
        self._trial.checks.append(Check(words, held))


class _Noting:
    """A gateway that leaves in the trial what it has read."""

    def __init__(self, gateway: Gateway, trial: Trial) -> None:
        self.open = gateway.open
        self.answer = gateway.answer
        self._gateway = gateway
        self._trial = trial

    def hang_up(self, session: Session, how: How) -> Call | None:
        return self._gateway.hang_up(session, how)

    def read(self, session: Session, reply: Reply) -> Screen:
        screen = self._gateway.read(session, reply)
        for exchange in self._trial.exchanges:
            if exchange.reply is reply:
                exchange.screen = screen
        return screen


@contextmanager
def staged(trial: Trial, dialect: str, terms: Terms, outside: Outside) -> Iterator[Stage]:
    """Let a trial be played, and add what has to hold in each."""
    stage = Stage(trial, dialect, terms, outside)
    try:
        yield stage
    except UnreadableError:
        stage.check("La passerelle sait lire la réponse", held=False)
    except NoAnswerError as error:
        stage.check(f"Une réponse arrive ({error})", held=False)
    screens = [exchange.screen for exchange in trial.exchanges if exchange.screen]
    if screens:
        words = f"Chaque écran a un texte, en GSM-7, de {terms.septets} septets au plus"
        stage.check(words, held=all(_fits(screen, terms.septets) for screen in screens))
    late = [exchange for exchange in trial.exchanges if exchange.seconds > terms.seconds]
    stage.check(f"Chaque réponse arrive en moins de {terms.seconds:g} s", held=not late)


def _fits(screen: Screen, most: int) -> bool:
    taken = gsm7.septets(screen.text)
    return bool(screen.text.strip()) and taken is not None and taken <= most
