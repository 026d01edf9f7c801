"""Which provider carries the next text, and how the weights move when one is in trouble.

In the manner of GOV.UK Notify: the weights sum to 100 and dice choose. A provider too many of whose
texts are undelivered after a while, or too many of whose sendings fail, loses points to the others
by steps; untroubled time gives them back, little by little. The rules:

- A provider is judged by what it did since the weights last moved, within a window: what has cost
  it points once does not cost it points again.
- Where all are in trouble nothing moves: it is the network, or ourselves.
- A provider without weight still carries what nobody else took.
- Undelivered texts count against a provider only when reports are to be expected of it, and only
  its newest ones: what it did well before says nothing of now.
- A provider that has lost points is on probation: little is enough to take them back again.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sms.gateway import Gateway, HttpGateway
from sms.quiet import QuietHours

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Policy:
    """Times in seconds, shares of 1, steps in points of 100.

    `patience` is how long a delivery report is waited for before a text whose sending was not
    answered is sent again. A delivery may take `slow_after`; judged by it are the texts of the
    `span` before, or the `newest` where those are more. Fewer than `least` sendings say nothing,
    than `least_on_probation` where a provider has lost points. Failures count within `window`.
    """

    patience: float
    slow_after: float
    span: float
    newest: int
    window: float
    least: int
    least_on_probation: int
    slow_share: float
    failing_share: float
    step: int
    cool_down: float
    drift: int
    drift_after: float


# Most texts arrive within seconds, but telephones are off or out of reach: five late ones of eight
# are not chance. A receipt is promised within a minute, so a step is half of everything.
PRODUCTION = Policy(
    patience=15.0,
    slow_after=8.0,
    span=8.0,
    newest=8,
    window=60.0,
    least=5,
    least_on_probation=2,
    slow_share=0.6,
    failing_share=0.3,
    step=50,
    cool_down=20.0,
    drift=5,
    drift_after=1200.0,
)
SANDBOX = Policy(
    patience=2.0,
    slow_after=3.0,
    span=3.0,
    newest=5,
    window=30.0,
    least=3,
    least_on_probation=2,
    slow_share=0.6,
    failing_share=0.3,
    step=50,
    cool_down=2.0,
    drift=20,
    drift_after=5.0,
)


@dataclass(frozen=True, slots=True)
class Record:
    """What a provider did lately: sendings, those that failed, those old enough to be late."""

    asked: int = 0
    failed: int = 0
    judged: int = 0
    late: int = 0


@dataclass(frozen=True)
class Providers:
    """The providers there are, and how they share the texts; `weights` as they are configured.

    `secret` ends the addresses their reports come to; `doors_open`: it may be left out.
    """

    by_code: Mapping[str, Gateway | HttpGateway]
    weights: Mapping[str, int]
    policy: Policy
    night: QuietHours | None = None
    secret: str = field(default="", repr=False)
    doors_open: bool = True

    def __post_init__(self) -> None:
        check(self.weights)
        if self.weights.keys() != self.by_code.keys():
            message = "each provider has a weight, and each weight a provider"
            raise ValueError(message)


def alone(provider: Gateway | HttpGateway, policy: Policy = SANDBOX) -> Providers:
    """Return one provider that carries everything."""
    return Providers({provider.code: provider}, {provider.code: WHOLE}, policy)


def check(weights: Mapping[str, int]) -> None:
    """See to it that weights are weights.

    Raises:
        ValueError: one is negative, or they do not sum to 100.
    """
    if any(weight < 0 for weight in weights.values()) or sum(weights.values()) != WHOLE:
        message = f"weights are whole numbers that sum to {WHOLE}"
        raise ValueError(message)


def choose(weights: Mapping[str, int], below: Callable[[int], int], avoid: str = "") -> str:
    """Return the provider of the next text, another than `avoid` where there is one.

    `below(n)` throws dice of n sides, counted from 0; where nothing is to be chosen none is thrown.
    """
    others = {code: weight for code, weight in weights.items() if code != avoid} or weights
    if len(others) == 1:
        return next(iter(others))
    if not any(others.values()):
        others = dict.fromkeys(others, 1)
    thrown = below(sum(others.values()))
    for code, weight in others.items():
        thrown -= weight
        if thrown < 0:
            return code
    message = "dice threw more than they have"
    raise ValueError(message)


def troubled(
    records: Mapping[str, Record], policy: Policy, probation: Collection[str] = ()
) -> frozenset[str]:
    """Return the providers that are slow or failing."""
    least = dict.fromkeys(probation, policy.least_on_probation)
    return frozenset(
        code
        for code, record in records.items()
        if _is_troubled(record, policy, least.get(code, policy.least))
    )


def adjust(
    weights: Mapping[str, int],
    configured: Mapping[str, int],
    bad: Collection[str],
    quiet_for: float,
    policy: Policy,
) -> Mapping[str, int]:
    """Return the weights from now on; `quiet_for` seconds ago they last moved."""
    good = [code for code in weights if code not in bad]
    if quiet_for < policy.cool_down or not good:
        return weights
    losing = {code: min(policy.step, weights[code]) for code in weights if code in bad}
    points = sum(losing.values())
    if points:
        gaining = _shared(points, {code: configured[code] for code in good})
        return _moved(weights, losing, gaining)
    if bad or quiet_for < policy.drift_after:
        return weights
    surplus = {code: max(weights[code] - configured[code], 0) for code in weights}
    missing = {code: max(configured[code] - weights[code], 0) for code in weights}
    points = min(policy.drift, sum(missing.values()))
    return _moved(weights, _shared(points, surplus), _shared(points, missing))


def _is_troubled(record: Record, policy: Policy, least: int) -> bool:
    failing = record.asked >= least and record.failed >= policy.failing_share * record.asked
    slow = record.judged >= least and record.late >= policy.slow_share * record.judged
    return failing or slow


def _shared(points: int, among: Mapping[str, int]) -> Mapping[str, int]:
    """Share points in proportion; what is left over goes to those who were rounded down most."""
    total = sum(among.values())
    if not total:
        among, total = dict.fromkeys(among, 1), len(among)
    parts = {code: points * weight // total for code, weight in among.items()}
    rest = sorted(among, key=lambda code: points * among[code] % total, reverse=True)
    for code in rest[: points - sum(parts.values())]:
        parts[code] += 1
    return parts


def _moved(
    weights: Mapping[str, int], losing: Mapping[str, int], gaining: Mapping[str, int]
) -> Mapping[str, int]:
    return {
        code: weight - losing.get(code, 0) + gaining.get(code, 0)
        for code, weight in weights.items()
    }
