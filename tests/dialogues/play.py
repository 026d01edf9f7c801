"""Plays a dialogue written down as text, and writes down what the dialogue really does.

    # ...                          a remark
    @ jour 22/11/2026              what is true from here on: the day, the calling telephone,
    @ téléphone 70000001           the fines recorded, the requests paid before, the receipts
    @ amende 4821937028: demo_parking du 12/11/2026, payée le 20/11/2026
    @ demande 3051827441: payée le 21/11/2026
    @ reçu 7390264851937109: amende 4821937028, payé le 20/11/2026, annulé le 21/11/2026
    @ deux portefeuilles           one more may be paid with
    @ Moov Money ne répond pas     an operator that is known to be down
    > *789#                        what the citizen dials, or types
    ~ FindBill 4821937028 -> due   what the dialogue asks of the application, and how that ends
    < 1 Payer                      a line of the screen, in the letters of the wire
    = fin                          the screen is the last of its session

A player reads `#`, `@`, `>` and the end of each `~`; the rest it writes itself. Between any two
steps the session goes through JSON and back. Text that comes with a dial, or an answer with a `*`
in it, runs through the menus and stops at a confirmation, as it does in ussd_app. `Resume ->
restored` takes up what was left in the middle of the session before.
"""

from collections import deque
from collections.abc import Iterator

from menus import engine, render
from menus.protocol import Effect, Event, Reply, Session, Typed
from tests.dialogues import world
from tests.dialogues.application import Application

CODE = "*789"
LANG = "fr"


class ScriptError(AssertionError):
    """The text cannot be played: it names the line and the reason."""


def play(text: str) -> str:
    """Return `text` with its screens and effects as the dialogue makes them."""
    player = _Player()
    written = [
        line
        for number, line in enumerate(text.splitlines(), 1)
        for line in player.take(number, line)
    ]
    player.end()
    return "\n".join(written) + "\n"


def last_screen(text: str) -> list[str]:
    """Play `text` and return the lines of its last screen."""
    lines = play(text).rstrip("\n").split("\n")
    start = max(number for number, line in enumerate(lines) if line[:1] in {">", "~"})
    return [line[2:] for line in lines[start:] if line.startswith("< ")]


class _Player:
    def __init__(self) -> None:
        self._application = Application()
        self._session: Session | None = None
        self._outcome: Reply | Effect | None = None
        self._ahead: deque[str] = deque()
        self._turns = 0
        self._saved = False

    def take(self, number: int, line: str) -> Iterator[str]:
        """Play one line; yield it, with the screen it leads to."""
        try:
            match line[:1]:
                case "<" | "=":
                    return
                case "@":
                    self._application.learn(line[1:].strip())
                    yield line
                case ">":
                    yield line
                    self._say(line[1:].strip())
                    yield from self._shown()
                case "~":
                    told = line.partition("->")[2].strip()
                    yield self._tell(told)
                    yield from self._shown()
                case _:
                    yield line
        except (ScriptError, engine.DialogueError, LookupError, ValueError) as error:
            raise ScriptError(f"line {number}, {line!r}: {error}") from error

    def end(self) -> None:
        """Refuse a text that stops in the middle of an effect."""
        if self._awaited is not None:
            raise ScriptError(f"the text ends before {self._application.write(self._awaited)}")

    @property
    def _awaited(self) -> Effect | None:
        return None if isinstance(self._outcome, Reply) else self._outcome

    def _say(self, text: str) -> None:
        if self._awaited is not None:
            raise ScriptError(f"first comes ~ {self._application.write(self._awaited)} -> ...")
        if text.startswith(CODE):
            self._ahead = deque(part for part in text[len(CODE) :].strip("#").split("*") if part)
            self._turns, self._saved = 1, False
            self._went(engine.begin(self._application.dialogue, LANG))
            return
        if not isinstance(self._outcome, Reply) or self._outcome.ends:
            raise ScriptError("no session is open: dial first")
        self._turns += 1
        run = "*" in text and not (self._outcome.decides or self._outcome.literal)
        self._ahead = deque(text.split("*") if run else [text])
        self._step(Typed(self._ahead.popleft(), self._application.today))

    def _tell(self, told: str) -> str:
        if self._awaited is None:
            raise ScriptError("nothing is asked of the application here")
        effect = self._awaited
        assert self._session is not None
        self._step(self._application.answer(effect, told, self._session.lang))
        return f"~ {self._application.write(effect)} -> {told}"

    def _step(self, event: Event) -> None:
        assert self._session is not None
        self._went(engine.step(self._application.dialogue, self._session, event))

    def _went(self, step: engine.Step) -> None:
        session, self._outcome = step
        self._session = Session.from_json(session.to_json())
        assert self._session == session, "a session changes on its way through JSON"

    def _shown(self) -> Iterator[str]:
        while isinstance(self._outcome, Reply) and self._ahead:
            if self._outcome.ends or self._outcome.decides:
                self._ahead.clear()
            else:
                self._step(Typed(self._ahead.popleft(), self._application.today))
        if not isinstance(self._outcome, Reply):
            return
        assert self._session is not None
        dialogue = self._application.dialogue
        shown = render.screen(dialogue, self._session, self._outcome, world.TEXTS, world.BUDGET)
        self._keep(self._session, self._outcome)
        yield from (f"< {line}" for line in shown.split("\n"))
        if self._outcome.ends:
            yield "= fin"

    def _keep(self, session: Session, reply: Reply) -> None:
        """What one dial has brought is brought again by dialling: it is not kept."""
        kept = reply.kept and self._turns > 1
        if kept or self._saved:
            self._application.keep(session if kept else None)
        self._saved = kept
