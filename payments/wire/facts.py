"""Facts that every connector words alike."""

from domain.payment import Evidence, Kind, Source
from payments.operators.base import Answer, NoAnswer, Outcome

_WORD_MAX, _REF_MAX = 40, 256  # characters


def unheard(outcome: Outcome) -> Evidence:
    """What a collection is whose reply told nothing: it may be debited, unless it never left."""
    if isinstance(outcome, Answer):
        return Evidence(Kind.UNKNOWN, Source.OURS, word=f"http {outcome.status}")
    return Evidence(Kind.NOT_SENT if outcome is NoAnswer.NOT_SENT else Kind.UNKNOWN, Source.OURS)


def unrecognised(word: object, source: Source) -> Evidence:
    """A word nobody documented: pending, and an alarm."""
    shown = word[:_WORD_MAX] if isinstance(word, str) else f"a {type(word).__name__}"
    return Evidence(Kind.UNRECOGNISED, source, word=shown)


def of_another(source: Source) -> Evidence:
    """An answer about another payment than was asked about: neither money nor a failure of ours."""
    return unrecognised("names another payment", source)


def paid(ref: object, francs: int | None, source: Source, *, otherwise: str) -> Evidence:
    """A success names its transaction and its amount, or it confirms nothing."""
    named = isinstance(ref, str) and 0 < len(ref) <= _REF_MAX and ref.isprintable()
    if named and francs is not None:
        return Evidence(Kind.PAID, source, str(ref), francs)
    return unrecognised(otherwise, source)
