"""`python -m benchmarks.growth`: whether a turn gets slower as services grow from 5 to 500.

Two web processes beside each other, in turns: one with five services more than are shipped, one
with five hundred. Each plays the same sessions; some go through the menu of the added ones.
"""

import statistics
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path

from benchmarks import mix, stack
from benchmarks.load import play
from benchmarks.mix import Turn
from sandbox.environment import USSD_CODE
from sandbox.world import World

SIZES = (5, 500)
A_FAMILY = 90  # services a family at most: their keys have two digits
SUBSCRIBERS, ROUNDS, SECONDS = 8, 7, 3.0
_DIAL = USSD_CODE.encode()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sarali-bench-") as folder, ExitStack() as opened:
        world = opened.enter_context(World(Path(folder) / "home"))
        numbers = stack.set_up(world, SUBSCRIBERS)
        servers = []
        for size in SIZES:
            added = Path(folder) / str(size)
            _write(added, size)
            changes = {"SARALI_CATALOGUE": str(added)}
            servers.append(opened.enter_context(stack.serving(world, stack.OURS, changes)))
        load = opened.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
        sessions = [*mix.sessions(numbers.fine, numbers.receipt), *[list(_others())] * 25]
        p50: list[list[float]] = [[] for _ in SIZES]
        for _ in range(ROUNDS):
            for server, medians in zip(servers, p50, strict=True):
                stack.forget_cut_sessions(world)
                how = (server.port, sessions, SUBSCRIBERS, SECONDS)
                medians.append(load.submit(_median, *how).result())
        _print(p50)


def _median(port: int, sessions: list[list[Turn]], subscribers: int, seconds: float) -> float:
    return play(port, sessions, subscribers, seconds, fixed=False).percentile(0.5)


def _print(p50: list[list[float]]) -> None:
    for size, medians in zip(SIZES, p50, strict=True):
        print(f"{size:4} services more: p50 {statistics.median(medians) * 1000:.2f} ms")
    ratios = [many / few for few, many in zip(*p50, strict=True)]
    print(
        f"with {SIZES[1]} for {SIZES[0]}: {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f} to {max(ratios):.2f} over {ROUNDS} rounds)"
    )


def _others() -> Iterator[Turn]:
    """A session through the menu of the added services, and a question of one of them."""
    typed, seen = (
        ("5", "1", "98", "1", "00"),
        ("Autres", "Service 0", "Service", "Numéro", "Trésor"),
    )
    yield Turn(dialled=_DIAL, text=b"", sees="Trésor".encode(), database=True)
    for n, sees in enumerate(seen, 1):
        text = "*".join(typed[:n]).encode()
        yield Turn(dialled=_DIAL, text=text, sees=sees.encode(), database=False)


def _write(folder: Path, size: int) -> None:
    """Write an authority's catalogue of so many services, each with a field and a fee."""
    (folder / "locales").mkdir(parents=True)
    families = [f"bench_{n // A_FAMILY}" for n in range(size)]
    rows = "\n".join(_SERVICE.format(n=n, family=family) for n, family in enumerate(families))
    (folder / "services.toml").write_text(rows, "utf-8")
    titles = [(f"title.{family}", f"Famille {family[-1]}") for family in dict.fromkeys(families)]
    labels = [(f"service.bench_{n}", f"Service {n}") for n in range(size)]
    entries = (*titles, *labels, ("ask.file", "Numéro du dossier:"))
    texts = "\n\n".join(f'msgid "{text_id}"\nmsgstr "{text}"' for text_id, text in entries)
    for lang in ("fr", "bm"):
        header = _HEADER.format(lang=lang)
        (folder / "locales" / f"{lang}.po").write_text(f"{header}\n{texts}\n", "utf-8")


_SERVICE = """
[[service]]
code = "bench_{n}"
family = "{family}"
authority = "Benchmark"
fee = "fixed"
enabled = true
  [[service.tariff]]
  amount = 1000
  since = 2024-01-01
  legal_basis = "Benchmark"
  source = "DEMO"
  certainty = "C"
  demo = true
  [[service.field]]
  name = "file"
  kind = "digits"
  high = 6
"""
_HEADER = r"""msgid ""
msgstr ""
"Language: {lang}\n"
"Content-Type: text/plain; charset=utf-8\n"
"""

if __name__ == "__main__":
    main()
