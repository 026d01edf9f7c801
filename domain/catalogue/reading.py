"""From decoded TOML to a `Catalogue`, or a refusal naming the file, the key and the reason.

Shapes are checked in shapes.py; the rules here are ours: what is on has an amount, however its fee
is reckoned, and no code, key or number is there twice. Files of an authority's own are read after
those shipped, and what they name again replaces what was shipped, whole.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from domain import gsm7
from domain.catalogue import (
    Catalogue,
    Choice,
    FeeKind,
    Field,
    FieldKind,
    Offence,
    Place,
    Service,
    Tariff,
    Tender,
    shapes,
)
from domain.money import FRANCS_MAX, Money

_BOUNDS = {  # the defaults of a kind: lengths for texts and digits, values for the others
    FieldKind.TEXT: (2, 20),
    FieldKind.DIGITS: (1, 12),
    FieldKind.CHOICE: (0, 0),
    FieldKind.YEAR: (1900, 2100),
    FieldKind.PLACE: (0, 0),
    FieldKind.QUANTITY: (1, 9),
    FieldKind.NINA: (15, 15),
    FieldKind.TENDER: (1, 12),
}
_NEEDS = {  # the one field from which a fee follows
    FeeKind.PER_UNIT: FieldKind.QUANTITY,
    FeeKind.BY_CHOICE: FieldKind.CHOICE,
    FeeKind.BY_TENDER: FieldKind.TENDER,
}
_CERTAINTIES = frozenset("ABC")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_DIGITS = re.compile(r"[0-9]{1,12}")
KEY_MAX = 97  # 98 turns the page


class CatalogueError(ValueError):
    """A catalogue that cannot be used: `file: key: reason`."""


_Row = TypeVar("_Row", shapes.ServiceRow, shapes.OffenceRow, shapes.PlaceRow, shapes.TenderRow)
_Item = TypeVar("_Item")
Documents = Mapping[str, Mapping[str, object]]


def read(shipped: Documents, added: Documents | None = None) -> Catalogue:
    """Build the catalogue from decoded TOML documents, by file name.

    Raises:
        CatalogueError: at the first thing wrong.
    """
    found = Catalogue({}, {}, {}, {})
    for documents in (shipped, added or {}):
        layer = _layer(documents)
        found = Catalogue(
            {**found.services, **layer.services},
            {**found.offences, **layer.offences},
            {**found.places, **layer.places},
            {**found.tenders, **layer.tenders},
        )
    _check_places(found)
    _check_scopes(found)
    _check_tenders(found)
    return found


def _layer(documents: Documents) -> Catalogue:
    services: dict[str, Service] = {}
    offences: dict[str, Offence] = {}
    places: dict[str, Place] = {}
    tenders: dict[str, Tender] = {}
    for name, document in documents.items():
        try:
            shape = msgspec.convert(document, shapes.File)
        except msgspec.ValidationError as error:
            raise CatalogueError(f"{name}: {error}") from error
        _add(services, name, shape.service, _service)
        _add(offences, name, shape.offence, _offence)
        _add(places, name, shape.place, _place)
        _add(tenders, name, shape.tender, _tender)
    return Catalogue(services, offences, places, tenders)


def _add(
    known: dict[str, _Item],
    name: str,
    rows: Iterable[_Row],
    build: Callable[[_Row, str], _Item],
) -> None:
    for row in rows:
        where = f"{name}: {row.code}"
        if row.code in known:
            raise CatalogueError(f"{where}: it is there twice")
        known[row.code] = build(row, where)


def _service(row: shapes.ServiceRow, where: str) -> Service:
    _check_name(row.code, where)
    _check_name(row.family, f"{where}: family")
    names = [field.name for field in row.field]
    if len(set(names)) != len(names):
        raise CatalogueError(f"{where}: field: a name is there twice")
    fields = tuple(_field(field, where) for field in row.field)
    _check_fee(row, fields, where)
    return Service(
        code=row.code,
        family=row.family,
        authority=row.authority,
        fee=row.fee,
        enabled=row.enabled,
        tariffs=_tariffs(row.tariff, where),
        fields=fields,
        scopes=frozenset(row.scopes),
    )


def _check_fee(row: shapes.ServiceRow, fields: tuple[Field, ...], where: str) -> None:
    kind = _NEEDS.get(row.fee)
    if kind is not None and sum(field.kind is kind for field in fields) != 1:
        raise CatalogueError(f"{where}: fee: {row.fee} needs exactly one {kind} field")
    if row.enabled and row.fee in {FeeKind.FIXED, FeeKind.PER_UNIT} and not row.tariff:
        raise CatalogueError(f"{where}: tariff: a service that is on needs one")
    if row.fee is not FeeKind.BY_CHOICE:
        return
    for field in fields:
        for choice in field.choices:
            if row.enabled and field.kind is kind and not choice.tariffs:
                raise CatalogueError(f"{where}: {choice.code}: tariff: each choice needs one")


def _offence(row: shapes.OffenceRow, where: str) -> Offence:
    _check_name(row.code, where)
    tariffs = _tariffs(row.tariff, where)
    if row.enabled and not tariffs:
        raise CatalogueError(f"{where}: tariff: an offence that is on needs one")
    return Offence(row.code, row.enabled, tariffs)


def _place(row: shapes.PlaceRow, where: str) -> Place:
    _check_name(row.code, where)
    _check_shown(row.name, where)
    if not 0 <= row.key <= KEY_MAX:
        raise CatalogueError(f"{where}: key: 1 to {KEY_MAX}, or 0 when it is not offered")
    return Place(row.code, row.name, row.kind, row.scope, row.key, row.ca, row.ct, row.iso)


def _check_places(found: Catalogue) -> None:
    by_key: dict[int, str] = {}
    for place in found.places.values():
        if place.key and by_key.setdefault(place.key, place.slug) != place.slug:
            raise CatalogueError(f"places: {place.slug}: key: {place.key} is {by_key[place.key]}")


def _tender(row: shapes.TenderRow, where: str) -> Tender:
    if not _DIGITS.fullmatch(row.code):
        raise CatalogueError(f"{where}: number: 1 to 12 digits, for it is typed on a keypad")
    _check_shown(row.name, where)
    tariff = _tariff(row.tariff, where)
    if row.closes < tariff.since:
        raise CatalogueError(f"{where}: closes: it is over before it begins")
    return Tender(row.code, row.service, row.name, tariff, row.closes)


def _check_scopes(found: Catalogue) -> None:
    for service in found.services.values():
        places = any(field.kind is FieldKind.PLACE for field in service.fields)
        if service.enabled and places and not found.places_of(service):
            raise CatalogueError(f"services: {service.code}: scopes: no place is open there")


def _check_tenders(found: Catalogue) -> None:
    for tender in found.tenders.values():
        service = found.services.get(tender.service)
        if service is None or service.fee is not FeeKind.BY_TENDER:
            raise CatalogueError(
                f"tenders: {tender.number}: service: {tender.service} has no fee by tender"
            )


def _tariffs(rows: tuple[shapes.TariffRow, ...], where: str) -> tuple[Tariff, ...]:
    if len({row.since for row in rows}) != len(rows):
        raise CatalogueError(f"{where}: since: two tariffs begin on the same day")
    return tuple(_tariff(row, where) for row in rows)


def _tariff(row: shapes.TariffRow, where: str) -> Tariff:
    if not 0 < row.amount <= FRANCS_MAX:
        raise CatalogueError(f"{where}: amount: more than 0 and at most {FRANCS_MAX} francs")
    if row.certainty not in _CERTAINTIES:
        raise CatalogueError(f"{where}: certainty: one of A, B, C")
    if not (row.legal_basis and row.source):
        raise CatalogueError(f"{where}: a tariff names its legal basis and its source")
    basis, source = row.legal_basis, row.source
    return Tariff(Money(row.amount), row.since, basis, source, row.certainty, row.demo)


def _field(row: shapes.FieldRow, where: str) -> Field:
    where = f"{where}: {row.name}"
    _check_name(row.name, where)
    if row.name.endswith("_id"):
        raise CatalogueError(f"{where}: a name ending in _id is read as a text")
    low, high = _BOUNDS[row.kind]
    low = low if row.low is None else row.low
    high = high if row.high is None else row.high
    if low > high:
        raise CatalogueError(f"{where}: low is above high")
    codes = [choice.code for choice in row.choice]
    if (row.kind is FieldKind.CHOICE) != bool(codes):
        raise CatalogueError(f"{where}: choice: a choice field has some, and no other field has")
    if len(set(codes)) != len(codes) or len(codes) > KEY_MAX:
        raise CatalogueError(f"{where}: choice: each once, and at most {KEY_MAX}")
    choices = tuple(_choice(choice, where) for choice in row.choice)
    return Field(row.name, row.kind, low, high, row.optional, choices)


def _choice(row: shapes.ChoiceRow, where: str) -> Choice:
    _check_name(row.code, where)
    return Choice(row.code, _tariffs(row.tariff, f"{where}: {row.code}"))


def _check_shown(name: str, where: str) -> None:
    """A proper name is shown as it is, in the letters of the network."""
    if not name.strip():
        raise CatalogueError(f"{where}: name: it is empty")
    if gsm7.to_wire(name).count("?") != name.count("?"):
        raise CatalogueError(f"{where}: name: it has a sign the network does not have")


def _check_name(name: str, where: str) -> None:
    if not _NAME.fullmatch(name):
        raise CatalogueError(f"{where}: a code is small letters, digits and _")
