"""The shapes of the catalogue's TOML, as msgspec checks them: unknown keys are refused."""

from datetime import date

import msgspec

from domain.catalogue import FeeKind, FieldKind, PlaceKind, Scope


class TariffRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    amount: int
    since: date
    legal_basis: str
    source: str
    certainty: str
    demo: bool = False


class ChoiceRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: str
    tariff: tuple[TariffRow, ...] = ()


class FieldRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    kind: FieldKind
    low: int | None = None
    high: int | None = None
    optional: bool = False
    choice: tuple[ChoiceRow, ...] = ()


class ServiceRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: str
    family: str
    authority: str
    fee: FeeKind
    enabled: bool = False
    note: str = ""
    scopes: tuple[Scope, ...] = (Scope.BAMAKO, Scope.REGIONS)
    tariff: tuple[TariffRow, ...] = ()
    field: tuple[FieldRow, ...] = ()


class OffenceRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: str
    enabled: bool = False
    note: str = ""
    tariff: tuple[TariffRow, ...] = ()


class PlaceRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: str = msgspec.field(name="slug")
    name: str
    kind: PlaceKind
    scope: Scope
    key: int = 0
    ca: str = ""
    ct: str = ""
    iso: str = ""


class TenderRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: str = msgspec.field(name="number")
    service: str
    name: str
    closes: date
    tariff: TariffRow


class File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    service: tuple[ServiceRow, ...] = ()
    offence: tuple[OffenceRow, ...] = ()
    place: tuple[PlaceRow, ...] = ()
    tender: tuple[TenderRow, ...] = ()
