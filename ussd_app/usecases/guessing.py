"""Limits on guessing bill and receipt numbers.

Only numbers that do not exist are counted, so an honest citizen never meets them. Beyond a limit
every look-up is refused, or it would be none.
"""

from domain.msisdn import Msisdn
from ussd_app.usecases.context import Context

_DAY_S, _HOUR_S = 86_400, 3_600
# (what is limited, guesses allowed, seconds): the reference measures 0.001 hits a day with a
# thousand SIMs at ten guesses each against ten million receipts (trust.md T8).
_LIMITS = (("subscriber", 10, _DAY_S), ("prefix", 200, _HOUR_S), ("all", 5_000, _HOUR_S))
# One address may be a whole town's cybercafé behind one gateway, hence more than a subscriber.
_WEB_LIMITS = (("address", 60, _HOUR_S), ("all", 5_000, _HOUR_S))


def allowed(context: Context, caller: Msisdn) -> bool:
    """Whether `caller` may look a number up now."""
    counts = context.redis.counts(_keys(context, caller))
    return all(n < limit for n, (_, limit, _) in zip(counts, _LIMITS, strict=True))


def missed(context: Context, caller: Msisdn) -> None:
    """Count a number that does not exist."""
    for key, (_, _, lifetime_s) in zip(_keys(context, caller), _LIMITS, strict=True):
        context.redis.count(key, lifetime_s)


def _keys(context: Context, caller: Msisdn) -> list[str]:
    scopes = (context.keys.subscriber(caller), context.keys.prefix(caller), "all")
    return [f"guess:{scope}" for scope in scopes]


def allowed_at(context: Context, address: str) -> bool:
    """Whether somebody at a network address may check a receipt now (same limits)."""
    counts = context.redis.counts(_address_keys(context, address))
    return all(n < limit for n, (_, limit, _) in zip(counts, _WEB_LIMITS, strict=True))


def missed_at(context: Context, address: str) -> None:
    """Count a receipt that does not exist, asked for from a network address."""
    for key, (_, _, lifetime_s) in zip(_address_keys(context, address), _WEB_LIMITS, strict=True):
        context.redis.count(key, lifetime_s)


def _address_keys(context: Context, address: str) -> list[str]:
    return [f"guess:{context.keys.of('address', address)}", "guess:web"]
