"""The page of a dialect for the engineer who connects a gateway: what is asked, what is answered.

What is shown is what the tests hold against the dialect: its samples.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from homologation import sample as samples
from homologation.sample import Sample

_HERE = Path(__file__).parent
_CONFIRM = "## À confirmer avec l'opérateur"
_HEARD = {
    "session_id": "session",
    "caller": "appelant",
    "dialled": "composé",
    "inputs": "tapé",
    "opens": "ouverture",
    "hop": "échange",
    "how": "fin",
}
_ENDS = {"clean": "normale", "cut": "coupée", "failed": "échec de l'application"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a dialect declares of itself; `deadline` in seconds."""

    dialect: str
    identity: str
    deadline: float
    methods: frozenset[str]


@cache
def _notes() -> dict[str, dict[str, Any]]:
    return tomllib.loads((_HERE / "pages.toml").read_text("utf-8"))


def write(facts: Facts) -> str:
    """Return the page of a dialect."""
    notes, hop = _notes()["dialect"][facts.dialect], _notes()["hop"][facts.identity]
    shown = samples.read(facts.dialect)
    return (
        (_HERE / "page.md")
        .read_text("utf-8")
        .format(
            dialect=facts.dialect,
            name=notes["name"],
            methods=", ".join(sorted(facts.methods)),
            deadline=f"{facts.deadline:g}",
            hop=hop["name"],
            explained=hop["explained"],
            notes=_list(notes["notes"]),
            confirm=f"\n{_CONFIRM}\n\n{_list(notes['confirm'])}\n" if notes["confirm"] else "",
            samples="\n".join(_sample(each) for each in shown if each.kind != "refused"),
            refusals="\n".join(_refusal(each) for each in shown if each.kind == "refused"),
            more=notes.get("more", ""),
        )
    )


def _list(notes: list[str]) -> str:
    return "\n".join(f"- {note}" for note in notes)


def _sample(sample: Sample) -> str:
    parts = [f"### {sample.title}\n", _block(_request(sample)), _heard(sample)]
    if sample.shown:
        parts.append(f"L'écran à montrer :\n\n{_block(str(sample.shown['text']))}")
    if sample.answer:
        parts.append(f"Réponse :\n\n{_block(_answer(sample))}")
    return "\n".join(parts)


def _request(sample: Sample) -> str:
    call = sample.call
    query = f"?{urlencode(call.query)}" if call.query else ""
    lines = [f"{call.method} …{call.path}{query}"]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    body = call.body.decode("utf-8", "backslashreplace")
    return "\n".join([*lines, "", body]).rstrip()


def _heard(sample: Sample) -> str:
    told = {name: value for name, value in sample.heard.items() if value not in ("", [], False)}
    words = [f"{_HEARD[name]} {_value(name, value)}".strip() for name, value in told.items()]
    return f"Compris : {', '.join(words)}.\n"


def _value(name: str, value: object) -> str:
    if name == "how":
        return _ENDS[str(value)]
    if isinstance(value, list):
        return " puis ".join(f"`{each}`" if each else "rien" for each in value)
    return "" if value is True else f"`{value}`"


def _answer(sample: Sample) -> str:
    answer = sample.answer
    lines = [str(answer.get("status", int(HTTPStatus.OK)))]
    if "content_type" in answer:
        lines.append(f"content-type: {answer['content_type']}")
    lines += [f"{name}: {value}" for name, value in answer.get("headers", {}).items()]
    return "\n".join([*lines, "", str(answer.get("body", ""))]).rstrip()


def _block(text: str) -> str:
    return f"```\n{text}\n```\n"


def _refusal(sample: Sample) -> str:
    status = sample.answer.get("status", sample.heard["status"])
    return f"| {sample.title} | {status} |"
