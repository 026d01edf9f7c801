"""From decoded TOML to a `Catalogue`, or a refusal naming the file, the key and the reason.

Shapes are checked by msgspec (unknown keys are refused); the rules here are ours: a service that
is on has a tariff unless its bill carries the amount, a fee per unit has exactly one quantity,
and no code is there twice.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

import msgspec

from domain.catalogue import (
    Catalogue,
    FeeKind,
    Field,
    FieldKind,
    Offence,
    Place,
    Service,
    Tariff,
)
from domain.money import FRANCS_MAX, Money

_BOUNDS = {  # the defaults of a kind: lengths for digits, values for the others
    FieldKind.DIGITS: (1, 12),
    FieldKind.YEAR: (1900, 2100),
    FieldKind.PLACE: (0, 0),
    FieldKind.QUANTITY: (1, 9),
    FieldKind.NINA: (15, 15),
}
_CERTAINTIES = frozenset("ABC")


class CatalogueError(ValueError):
    """A catalogue that cannot be used: `file: key: reason`."""


class _Tariff(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    amount: int
    since: date
    legal_basis: str
    source: str
    certainty: str
    demo: bool = False


class _Field(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    kind: FieldKind
    low: int | None = None
    high: int | None = None
    optional: bool = False


class _Service(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: str
    family: str
    authority: str
    fee: FeeKind
    enabled: bool = False
    note: str = ""
    tariff: tuple[_Tariff, ...] = ()
    field: tuple[_Field, ...] = ()


class _Offence(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: str
    enabled: bool = False
    note: str = ""
    tariff: tuple[_Tariff, ...] = ()


class _Place(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    slug: str
    name: str


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    service: tuple[_Service, ...] = ()
    offence: tuple[_Offence, ...] = ()
    place: tuple[_Place, ...] = ()


_Row = TypeVar("_Row")
_Item = TypeVar("_Item", Service, Offence, Place)


def read(files: Mapping[str, Mapping[str, object]]) -> Catalogue:
    """Build the catalogue from decoded TOML documents, by file name.

    Raises:
        CatalogueError: at the first thing wrong.
    """
    services: dict[str, Service] = {}
    offences: dict[str, Offence] = {}
    places: dict[str, Place] = {}
    for name, document in files.items():
        try:
            shape = msgspec.convert(document, _File)
        except msgspec.ValidationError as error:
            raise CatalogueError(f"{name}: {error}") from error
        _add(services, name, shape.service, _service)
        _add(offences, name, shape.offence, _offence)
        _add(places, name, shape.place, lambda row, _where: Place(row.slug, row.name))
    return Catalogue(services, offences, places)


def _add(
    known: dict[str, _Item],
    name: str,
    rows: Iterable[_Row],
    build: Callable[[_Row, str], _Item],
) -> None:
    for row in rows:
        code: str = getattr(row, "code", "") or getattr(row, "slug", "")
        where = f"{name}: {code}"
        if code in known:
            raise CatalogueError(f"{where}: it is there twice")
        known[code] = build(row, where)


def _service(row: _Service, where: str) -> Service:
    fields = tuple(_field(field, where) for field in row.field)
    tariffs = _tariffs(row.tariff, where)
    quantities = sum(field.kind is FieldKind.QUANTITY for field in fields)
    if row.fee is FeeKind.PER_UNIT and quantities != 1:
        raise CatalogueError(f"{where}: fee: per_unit needs exactly one quantity field")
    if row.enabled and row.fee in {FeeKind.FIXED, FeeKind.PER_UNIT} and not tariffs:
        raise CatalogueError(f"{where}: tariff: a service that is on needs one")
    return Service(row.code, row.family, row.authority, row.fee, row.enabled, tariffs, fields)


def _offence(row: _Offence, where: str) -> Offence:
    tariffs = _tariffs(row.tariff, where)
    if row.enabled and not tariffs:
        raise CatalogueError(f"{where}: tariff: an offence that is on needs one")
    return Offence(row.code, row.enabled, tariffs)


def _tariffs(rows: tuple[_Tariff, ...], where: str) -> tuple[Tariff, ...]:
    if len({row.since for row in rows}) != len(rows):
        raise CatalogueError(f"{where}: since: two tariffs begin on the same day")
    return tuple(_tariff(row, where) for row in rows)


def _tariff(row: _Tariff, where: str) -> Tariff:
    if not 0 < row.amount <= FRANCS_MAX:
        raise CatalogueError(f"{where}: amount: more than 0 and at most {FRANCS_MAX} francs")
    if row.certainty not in _CERTAINTIES:
        raise CatalogueError(f"{where}: certainty: one of A, B, C")
    if not (row.legal_basis and row.source):
        raise CatalogueError(f"{where}: a tariff names its legal basis and its source")
    basis, source = row.legal_basis, row.source
    return Tariff(Money(row.amount), row.since, basis, source, row.certainty, row.demo)


def _field(row: _Field, where: str) -> Field:
    low, high = _BOUNDS[row.kind]
    low = low if row.low is None else row.low
    high = high if row.high is None else row.high
    if low > high:
        raise CatalogueError(f"{where}: {row.name}: low is above high")
    return Field(row.name, row.kind, low, high, row.optional)
