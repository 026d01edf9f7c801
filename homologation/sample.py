"""What a dialect's gateway is documented to say and to be answered: samples/<dialect>.toml.

What is heard in a request is told in our words, which the gateway's engineer reads in the page of
the dialect, and which the tests hold against what was decoded.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from homologation.gateways.base import Call

FOLDER = Path(__file__).parent / "samples"
KINDS = ("turn", "hangup", "inquiry", "refused")
_CALL = {"method", "path", "query", "headers", "body"}
_WRITTEN = {"title", "shown", "answer", *KINDS, *_CALL}


class SampleError(ValueError):
    """A sample that says too much or too little; `str()` names it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A request, what is heard in it (`kind`, `heard`), and the screen with what carries it."""

    title: str
    call: Call
    kind: str
    heard: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def opens(self) -> bool:
        """Whether it is the first request of a session."""
        return bool(self.heard.get("opens"))


@cache
def read(dialect: str) -> tuple[Sample, ...]:
    """Read the samples of a dialect.

    Raises:
        SampleError: one of them cannot be understood.
    """
    text = (FOLDER / f"{dialect}.toml").read_text("utf-8")
    return tuple(_samples(dialect, tomllib.loads(text).get("sample", [])))


def _samples(dialect: str, told: list[dict[str, Any]]) -> Iterator[Sample]:
    for sample in told:
        title = str(sample.get("title", "a sample without a title"))
        kinds = [kind for kind in KINDS if kind in sample]
        strange = sorted(sample.keys() - _WRITTEN)
        if strange or len(kinds) != 1:
            raise SampleError(f"{dialect}, {title}: {strange or kinds or 'heard is nothing'}")
        kind = kinds[0]
        yield Sample(
            title,
            _call(sample),
            kind,
            _table(sample, kind),
            _table(sample, "shown"),
            _table(sample, "answer"),
        )


def _call(sample: Mapping[str, Any]) -> Call:
    return Call(
        method=str(sample.get("method", "POST")),
        path=str(sample.get("path", "")),
        query={name: str(value) for name, value in _table(sample, "query").items()},
        headers={name: str(value) for name, value in _table(sample, "headers").items()},
        body=str(sample.get("body", "")).encode(),
    )


def _table(sample: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = sample.get(name, {})
    if not isinstance(table, dict):
        raise SampleError(f"{sample.get('title')}: {name} is no table")
    return table
