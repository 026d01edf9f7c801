"""The JSON of SMS providers: what stands under a path of keys, or nothing at all."""

import json
from collections.abc import Mapping
from decimal import Decimal

from domain.exchange import Answer, NoAnswer, Outcome
from sms.gateway import ReportError, Unknown

FIELD_MAX = 128  # characters of an id, a word or a reason that is kept
_BROKEN = 500
_AWAY = 503


def parse(body: bytes) -> object:
    """Return what a body holds; None when nobody can read it."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def at(document: object, *path: str | int) -> object:
    """Return what stands under a path of keys and positions; None when nothing does."""
    for step in path:
        if isinstance(step, int):
            document = document[step] if isinstance(document, list) and document[step:] else None
        else:
            document = document.get(step) if isinstance(document, Mapping) else None
    return document


def text(document: object, *path: str | int) -> str:
    """Return the text under a path; empty when there is none that can be kept."""
    value = at(document, *path)
    good = isinstance(value, str) and len(value) <= FIELD_MAX and "\x00" not in value
    return str(value) if good else ""


def trouble(outcome: Outcome) -> Unknown:
    """Return what an outcome that took nothing for sure is worth.

    Only what never connected and what a provider turns away itself cannot have left.
    """
    if isinstance(outcome, Answer):
        turned_away = outcome.status < _BROKEN or outcome.status == _AWAY
        return Unknown(f"http {outcome.status}", left=not turned_away)
    return Unknown(outcome.value, left=outcome is not NoAnswer.NOT_SENT)


def checked(*fields: str) -> tuple[str, ...]:
    """Return the fields of a report.

    Raises:
        ReportError: one is empty, too long, or cannot be kept.
    """
    if any("\x00" in field or not 0 < len(field) <= FIELD_MAX for field in fields):
        message = f"a report's id and word have 1 to {FIELD_MAX} characters"
        raise ReportError(message)
    return fields
