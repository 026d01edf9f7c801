"""Draws what a citizen sees, for a terminal."""

import textwrap

WIDTH = 32  # characters across: a small phone
MARGIN = "    "


def scene(title: str) -> str:
    return f"\n{title}\n{'=' * len(title)}"


def deed(who: str, what: str) -> str:
    return f"\n  {who} {what}"


def screen(text: str, *, over: bool) -> str:
    """The phone with this text; a closed session has no line to type in."""
    lines = _wrap(text)
    lines += ["", "OK" if over else "> _"]
    top, bottom = f"╭{'─' * (WIDTH + 2)}╮", f"╰{'─' * (WIDTH + 2)}╯"
    rows = [f"│ {line:{WIDTH}} │" for line in lines]
    return "\n".join(MARGIN + row for row in (top, *rows, bottom))


def message(sender: str, text: str) -> str:
    head = f"SMS from {sender}"
    rows = [f"│ {line}" for line in _wrap(text)]
    return "\n".join(MARGIN + row for row in (f"┌ {head}", *rows, "└"))


def fact(text: str) -> str:
    return f"{MARGIN}✓ {text}"


def _wrap(text: str) -> list[str]:
    return [piece for line in text.splitlines() for piece in (textwrap.wrap(line, WIDTH) or [""])]
