"""The JSON that operators answer with: an object as it was written, or nothing at all.

A number with a point is read as a `Decimal`: a float would round what decides about money.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal

from domain.msisdn import Msisdn
from payments.operators.base import Answer, Outcome

Document = Mapping[str, object]
ID = re.compile(r"[!-~]{1,64}")  # what can be stored, sent and shown as it is


def parse(body: bytes) -> object:
    """Return what a body holds; None when nobody can read it."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def mapping(value: object) -> Document:
    """Return an object of a document, empty when it is none."""
    return value if isinstance(value, dict) else {}


def content(outcome: Outcome, *statuses: int) -> object:
    """Return what an answer under one of `statuses` holds; None of any other outcome."""
    answered = isinstance(outcome, Answer) and outcome.status in statuses
    return parse(outcome.body) if isinstance(outcome, Answer) and answered else None


def document(outcome: Outcome, *statuses: int) -> Document:
    """Return the object an answer under one of `statuses` holds; empty when it holds none."""
    return mapping(content(outcome, *statuses))


def text(value: object, shape: re.Pattern[str] = ID) -> str:
    """Return a text of this shape; empty when it is none."""
    return value if isinstance(value, str) and shape.fullmatch(value) else ""


def names_another(told: Document, **ours: str) -> bool:
    """Whether `told` has another value than ours under one of these names.

    What it leaves out names nothing, and nothing is another's than what we do not know (yet).
    """
    return any(value and told.get(name) not in (None, "", value) for name, value in ours.items())


def names_another_payer(number: object, payer: Msisdn) -> bool:
    """Whether `number` is somebody else's; what is no whole number, a mask perhaps, is nobody's."""
    try:
        return isinstance(number, str) and Msisdn.parse(number) != payer
    except ValueError:
        return False
