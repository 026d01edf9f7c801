"""The public services, their dated tariffs and the offences, read from TOML by the caller.

A legal amount is data with a date and a source, never a constant: tariffs come from
`services.toml`, `offences.toml` and `places.toml` beside this file, and `demo.toml` is added in
the sandbox only. An amount nobody could source is absent (null) and its service is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.money import Money


class FieldKind(StrEnum):
    """What a citizen types to describe a request."""

    DIGITS = "digits"
    YEAR = "year"
    PLACE = "place"
    QUANTITY = "quantity"
    NINA = "nina"


class FeeKind(StrEnum):
    """How an amount follows from the tariff."""

    FREE = "free"
    FIXED = "fixed"
    PER_UNIT = "per_unit"
    RECORDED = "recorded"  # the bill carries it (fines)


@dataclass(frozen=True, slots=True)
class Field:
    """One answer a request needs.

    `low` and `high` bound a year or a quantity, or the length of a digit string.
    """

    name: str
    kind: FieldKind
    low: int
    high: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Tariff:
    """An amount from a date on. `certainty` is A (official or concordant), B (one source), C."""

    amount: Money
    since: date
    legal_basis: str
    source: str
    certainty: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """One public service. `family` groups it in the menus."""

    code: str
    family: str
    authority: str
    fee: FeeKind
    enabled: bool
    tariffs: tuple[Tariff, ...] = ()
    fields: tuple[Field, ...] = ()

    def tariff_on(self, day: date) -> Tariff | None:
        """Return the tariff in force on `day`, or None."""
        return _in_force(self.tariffs, day)


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence of the fines order."""

    code: str
    enabled: bool
    tariffs: tuple[Tariff, ...] = ()

    def tariff_on(self, day: date) -> Tariff | None:
        """Return the tariff in force on `day`, or None."""
        return _in_force(self.tariffs, day)


@dataclass(frozen=True, slots=True)
class Place:
    """A town hall or civil-status centre. Names are proper names, the same in every language."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that can be paid, by code, in menu order."""

    services: Mapping[str, Service]
    offences: Mapping[str, Offence] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def family(self, name: str) -> tuple[Service, ...]:
        """Return the services of `name` that are on, in order."""
        return tuple(s for s in self.services.values() if s.family == name and s.enabled)


def _in_force(tariffs: tuple[Tariff, ...], day: date) -> Tariff | None:
    begun = [tariff for tariff in tariffs if tariff.since <= day]
    return max(begun, key=lambda tariff: tariff.since, default=None)
