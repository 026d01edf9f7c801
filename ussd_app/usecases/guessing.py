"""Limits on guessing bill and receipt numbers.

Only numbers that do not exist are counted, so an honest citizen never meets them. Beyond a limit
every look-up is refused, or it would be none.
"""

from collections.abc import Sequence

from domain.msisdn import Msisdn
from ussd_app.usecases.context import Context

_DAY_S, _HOUR_S = 86_400, 3_600
Limit = tuple[str, int, int]  # the key counted under, guesses allowed, seconds


def of_caller(context: Context, caller: Msisdn) -> tuple[Limit, ...]:
    """Return the limits of a subscriber: of their own, of their block of numbers, of everybody.

    The reference counts 0.001 hits a day with a thousand SIMs at ten guesses each against ten
    million receipts (trust.md T8).
    """
    return (
        (f"guess:{context.keys.subscriber(caller)}", 10, _DAY_S),
        (f"guess:{context.keys.prefix(caller)}", 200, _HOUR_S),
        ("guess:all", 5_000, _HOUR_S),
    )


def of_address(context: Context, address: str) -> tuple[Limit, ...]:
    """Return the limits of a network address: a whole town may share one."""
    key = f"guess:{context.keys.of('address', address)}"
    return ((key, 60, _HOUR_S), ("guess:web", 5_000, _HOUR_S))


def allowed(context: Context, limits: Sequence[Limit]) -> bool:
    """Whether a number may be looked up now."""
    counts = context.redis.counts([key for key, _, _ in limits])
    return all(n < most for n, (_, most, _) in zip(counts, limits, strict=True))


def missed(context: Context, limits: Sequence[Limit]) -> None:
    """Count a number that does not exist."""
    for key, _, lifetime_s in limits:
        context.redis.count(key, lifetime_s)
