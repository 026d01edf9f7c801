"""What the simulated citizens do: a few sessions, and how often each is played.

Opening payments is left out: it is one turn of a session, and what follows is not the web's.
"""

from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from domain import gsm7
from sandbox.environment import USSD_CODE

FINE, RECEIPT = "{fine}", "{receipt}"  # stand for the numbers that the setup made
_SHORT = USSD_CODE.removesuffix("#")
_FRENCH = Path(__file__).parents[1] / "locales" / "fr.po"


@dataclass(frozen=True)
class Step:
    """One turn: what is typed (first: dialled) and a word that the screen must have.

    `sees` is the id of a text, or FINE. `database`: answering it takes a query.
    """

    typed: str
    sees: str
    database: bool = False


@dataclass(frozen=True)
class Script:
    """One session; `weight` is how many of a hundred sessions are like it."""

    name: str
    weight: int
    steps: tuple[Step, ...]


_DIAL = Step(USSD_CODE, "title.home", database=True)
MIX = (
    Script(
        "types the number of a fine, once wrongly",
        25,
        (
            _DIAL,
            Step("1", "ask.bill_number"),
            Step("1234567890", "problem.bill_number"),
            Step(FINE, FINE, database=True),
            Step("0", "ask.bill_number"),
            Step("00", "title.home"),
        ),
    ),
    Script(
        "dials straight to a fine, and looks at other ways to pay",
        25,
        (
            Step(f"{_SHORT}*1*{FINE}#", FINE, database=True),
            Step("2", "title.whose"),
            Step("0", FINE),
            Step("00", "title.home"),
        ),
    ),
    Script(
        "fills in the request of a birth certificate, and leaves",
        20,
        (
            _DIAL,
            Step("3", "title.civil"),
            Step("1", "ask.act"),
            Step("1234", "ask.year"),
            Step("1998", "ask.place"),
            Step("1", "ask.copies"),
            Step("00", "title.home"),
        ),
    ),
    Script(
        "reads the tariffs and the help",
        10,
        (
            _DIAL,
            Step("4", "title.information"),
            Step("1", "title.tariffs"),
            Step("98", "title.tariffs"),
            Step("0", "title.information"),
            Step("3", "help"),
        ),
    ),
    Script(
        "dials straight to the verification of a receipt",
        10,
        (Step(f"{_SHORT}*9*{RECEIPT}#", "receipt.valid", database=True),),
    ),
    Script(
        "types the number of a receipt",
        10,
        (
            _DIAL,
            Step("9", "ask.receipt_number"),
            Step(RECEIPT, "receipt.valid", database=True),
        ),
    ),
)


@dataclass(frozen=True)
class Turn:
    """A step with its numbers filled in: bytes to send and bytes to look for."""

    dialled: bytes
    text: bytes
    sees: bytes
    database: bool


def sessions(fine: str, receipt: str) -> list[list[Turn]]:
    """Return a hundred sessions in a fixed order, the frequent ones spread evenly."""
    turns = {script.name: _turns(script, fine, receipt) for script in MIX}
    order = sorted(
        ((n + 0.5) / script.weight, script.name) for script in MIX for n in range(script.weight)
    )
    return [turns[name] for _, name in order]


def database_share() -> float:
    """The share of all turns that take a query."""
    steps = [(step, script.weight) for script in MIX for step in script.steps]
    return sum(n for step, n in steps if step.database) / sum(n for _, n in steps)


def _turns(script: Script, fine: str, receipt: str) -> list[Turn]:
    def fill(text: str) -> str:
        return text.replace(FINE, fine).replace(RECEIPT, receipt)

    with _FRENCH.open("rb") as file:
        texts = {str(message.id): str(message.string) for message in read_po(file)}
    dialled, *typed = (fill(step.typed) for step in script.steps)
    return [
        Turn(
            dialled=dialled.encode(),
            text="*".join(typed[:position]).encode(),
            sees=(fine if step.sees == FINE else _beginning(texts[step.sees])).encode(),
            database=step.database,
        )
        for position, step in enumerate(script.steps)
    ]


def _beginning(text: str) -> str:
    """What a text says before anything is filled in, as the wire has it."""
    return gsm7.to_wire(text.partition("{")[0]).strip()
