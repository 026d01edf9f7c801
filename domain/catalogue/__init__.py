"""The public services, their dated tariffs, the offences, the places and the tenders.

A legal amount is data with a date and a source, never a constant: tariffs come from the TOML
files beside this one, `demo.toml` is added in the sandbox only, and an authority may add a folder
of its own. An amount nobody could source is absent (null) and its service is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.money import Money


class FieldKind(StrEnum):
    """What a citizen types or chooses to describe a request."""

    TEXT = "text"
    DIGITS = "digits"
    CHOICE = "choice"
    YEAR = "year"
    PLACE = "place"
    QUANTITY = "quantity"
    NINA = "nina"
    TENDER = "tender"


class FeeKind(StrEnum):
    """How an amount follows from the tariff."""

    FREE = "free"
    FIXED = "fixed"
    PER_UNIT = "per_unit"  # times the one quantity
    BY_CHOICE = "by_choice"  # each choice of the one choice field has its tariff
    BY_TENDER = "by_tender"  # the tender has it
    RECORDED = "recorded"  # the bill carries it (fines)


class Scope(StrEnum):
    """Where a service is open: it may begin in Bamako, then the regions, then the missions."""

    BAMAKO = "bamako"
    REGIONS = "regions"
    MISSIONS = "missions"


class PlaceKind(StrEnum):
    """What a place is."""

    DISTRICT = "district"
    REGION = "region"
    COMMUNE = "commune"
    ARRONDISSEMENT = "arrondissement"
    TOWN = "town"
    MISSION = "mission"


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
class Choice:
    """One answer of a choice field, with a tariff of its own where the fee is by choice."""

    code: str
    tariffs: tuple[Tariff, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One answer a request needs.

    `low` and `high` bound a year or a quantity, or the length of digits or of a text.
    """

    name: str
    kind: FieldKind
    low: int
    high: int
    optional: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """One public service. `family` groups it in the menus, `scopes` says where it is open."""

    code: str
    family: str
    authority: str
    fee: FeeKind
    enabled: bool
    tariffs: tuple[Tariff, ...] = ()
    fields: tuple[Field, ...] = ()
    scopes: frozenset[Scope] = frozenset({Scope.BAMAKO, Scope.REGIONS})

    @property
    def payable(self) -> bool:
        """Whether a citizen may ask for it and pay."""
        return self.enabled and self.fee not in {FeeKind.FREE, FeeKind.RECORDED}

    def tariff_on(self, day: date) -> Tariff | None:
        """Return the service's own tariff in force on `day`, or None."""
        return in_force(self.tariffs, day)


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence of the fines order."""

    code: str
    enabled: bool
    tariffs: tuple[Tariff, ...] = ()

    def tariff_on(self, day: date) -> Tariff | None:
        """Return the tariff in force on `day`, or None."""
        return in_force(self.tariffs, day)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the country or a mission abroad. Names are proper names, the same everywhere.

    `key` is what a citizen types for it, stable for ever (0: it is never offered). `ca`, `ct` and
    `iso` are its official codes, which disagree, so that none of them names it: the slug does.
    """

    slug: str
    name: str
    kind: PlaceKind
    scope: Scope
    key: int = 0
    ca: str = ""
    ct: str = ""
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Tender:
    """A call for tenders whose documents are sold for `tariff`, through its last day."""

    number: str
    service: str
    name: str
    tariff: Tariff
    closes: date

    def is_open(self, day: date) -> bool:
        """Whether its documents can be bought on `day`."""
        return self.tariff.since <= day <= self.closes


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that can be paid, by code, in menu order."""

    services: Mapping[str, Service]
    offences: Mapping[str, Offence] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    tenders: Mapping[str, Tender] = field(default_factory=dict)

    def family(self, name: str) -> tuple[Service, ...]:
        """Return the services of `name` that are on, in order."""
        return tuple(s for s in self.services.values() if s.family == name and s.enabled)

    def places_of(self, service: Service) -> tuple[Place, ...]:
        """Return the places where `service` is open, by key."""
        offered = (p for p in self.places.values() if p.key and p.scope in service.scopes)
        return tuple(sorted(offered, key=lambda place: place.key))

    def tender(self, service: str, number: str, day: date) -> Tender | None:
        """Return the tender of `service` under `number` if it is open on `day`."""
        found = self.tenders.get(number)
        return found if found and found.service == service and found.is_open(day) else None


def in_force(tariffs: tuple[Tariff, ...], day: date) -> Tariff | None:
    """Return the newest tariff begun by `day`, or None."""
    begun = [tariff for tariff in tariffs if tariff.since <= day]
    return max(begun, key=lambda tariff: tariff.since, default=None)
