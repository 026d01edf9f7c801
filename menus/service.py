"""The dialogue itself, as data: every screen a citizen can meet and where each key leads.

Services come from the catalogue: one with fields and a fee gets its screens here without code,
its words being `service.<code>` and `ask.<field>` in the catalogues of locales/. Keys are stable,
for people remember `*789*1*...#`: 1 a fine, 2 identity, 3 civil status, 4 information, 9 verify.
"""

from collections.abc import Iterable

from domain.catalogue import Catalogue, FeeKind, Field, FieldKind, Service
from domain.wallet import Wallet
from menus import checkout, rules
from menus.protocol import Greet, SetLanguage, VerifyReceipt
from menus.screens import (
    HOME,
    START,
    Ask,
    Dialogue,
    Label,
    Menu,
    Node,
    Notice,
    Option,
    Work,
)

FAMILIES = {"identity": "2", "civil": "3"}  # those with a key of their own at the top
OTHERS_KEY = "5"


def build(catalogue: Catalogue, wallets: tuple[Wallet, ...], languages: dict[str, str]) -> Dialogue:
    """Return the dialogue of `catalogue`.

    Args:
        catalogue: what can be paid, its tariffs being those in force.
        wallets: the wallets offered, the default one first.
        languages: code to name, in the order offered.
    """
    others = tuple(name for name in _families(catalogue) if name not in FAMILIES)
    nodes: dict[str, Node] = {
        **_welcome(languages, others=bool(others)),
        **checkout.bills(),
        **checkout.checkout("bill", "confirm.bill", wallets),
        **checkout.checkout("request", "confirm.request", wallets),
        **checkout.paid(),
        **_information(catalogue, languages),
        **_receipts(),
    }
    if others:
        families = (
            Option(str(key), Label(f"title.{name}"), name) for key, name in enumerate(others, 1)
        )
        nodes["others"] = Menu("title.others", tuple(families))
    for family in (*FAMILIES, *others):
        services = _payable(catalogue, family)
        nodes[family] = Menu(f"title.{family}", tuple(_service_options(services)))
        for service in services:
            nodes |= _request(service, catalogue)
    return nodes


def _families(catalogue: Catalogue) -> tuple[str, ...]:
    """The families with something to ask for and pay, in the order of the catalogue."""
    names = dict.fromkeys(service.family for service in catalogue.services.values())
    return tuple(name for name in names if _payable(catalogue, name))


def _payable(catalogue: Catalogue, family: str) -> tuple[Service, ...]:
    fees = {FeeKind.FIXED, FeeKind.PER_UNIT}
    return tuple(service for service in catalogue.family(family) if service.fee in fees)


def _welcome(languages: dict[str, str], *, others: bool) -> dict[str, Node]:
    home = {
        "1": ("fine", "fine.number"),
        "2": ("identity", "identity"),
        "3": ("civil", "civil"),
        "4": ("information", "information"),
        **({OTHERS_KEY: ("others", "others")} if others else {}),
        "9": ("verify", "receipt.number"),
    }
    options = (Option(key, Label(f"option.{label}"), goto) for key, (label, goto) in home.items())
    return {
        START: Work(
            lambda _answers: Greet(),
            {"new": "language", "home": HOME, "under_way": "greet.under_way"},
        ),
        HOME: Menu("title.home", tuple(options)),
        "greet.under_way": Menu("greet.under_way", (Option("1", Label("option.continue"), HOME),)),
        "language": _languages(languages),
        "language.set": Work(lambda answers: SetLanguage(answers["language"]), {"home": HOME}),
    }


def _languages(languages: dict[str, str]) -> Menu:
    options = (
        Option(str(key), Label(name=name), "language.set", {"language": code})
        for key, (code, name) in enumerate(languages.items(), 1)
    )
    return Menu("title.language", tuple(options))


def _information(catalogue: Catalogue, languages: dict[str, str]) -> dict[str, Node]:
    return {
        "information": Menu(
            "title.information",
            (
                Option("1", Label("option.tariffs"), "tariffs"),
                Option("2", Label("option.language"), "language.choose"),
                Option("3", Label("option.help"), "help"),
            ),
        ),
        "tariffs": Notice("title.tariffs", ends=False, lines=tuple(_tariff_lines(catalogue))),
        "language.choose": _languages(languages),
        "help": Notice("help", ends=False),
    }


def _tariff_lines(catalogue: Catalogue) -> Iterable[Label]:
    """Every price in force, what is free included: nobody should be asked to pay for it."""
    yield Label("tariff.fine")
    for service in catalogue.services.values():
        if service.enabled and service.fee is FeeKind.FREE:
            yield Label(f"tariff.{service.code}")
        elif service.enabled and service.tariffs:
            yield Label(f"service.{service.code}", tail=_price(service))


def _receipts() -> dict[str, Node]:
    outcomes = {
        "valid": "receipt.valid",
        "cancelled": "receipt.cancelled",
        "unknown": "receipt.unknown",
        "too_many": "too_many",
    }
    return {
        "receipt.number": Ask(
            "ask.receipt_number", rules.receipt_number, "receipt_number", "receipt.verify"
        ),
        "receipt.verify": Work(lambda a: VerifyReceipt(a["receipt_number"]), outcomes),
        **{name: Notice(name) for name in outcomes.values() if name.startswith("receipt.")},
    }


def _service_options(services: Iterable[Service]) -> Iterable[Option]:
    for key, service in enumerate(services, 1):
        label = Label(f"service.{service.code}", tail=_price(service))
        yield Option(str(key), label, _node(service, 0), {"service": service.code, "again": ""})


def _price(service: Service) -> str:
    latest = max(service.tariffs, key=lambda tariff: tariff.since)
    return f" {latest.amount}"


def _request(service: Service, catalogue: Catalogue) -> dict[str, Node]:
    """One screen a field, in order, then the bill."""
    return {
        _node(service, n): _field_screen(field, _node(service, n + 1), catalogue)
        for n, field in enumerate(service.fields)
    }


def _node(service: Service, n: int) -> str:
    if n == len(service.fields):
        return "request.bill"
    return f"request.{service.code}.{service.fields[n].name}"


def _field_screen(field: Field, then: str, catalogue: Catalogue) -> Node:
    title = f"ask.{field.name}"
    if field.kind is FieldKind.PLACE:
        options = (
            Option(str(key), Label(name=place.name), then, {field.name: slug})
            for key, (slug, place) in enumerate(catalogue.places.items(), 1)
        )
        return Menu(title, tuple(options))
    return Ask(title, rules.of_field(field), field.name, then, skip=field.optional)
