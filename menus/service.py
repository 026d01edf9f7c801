"""The dialogue itself, as data: every screen a citizen can meet and where each key leads.

Services come from the catalogue: one with fields and a fee gets its screens here without code,
its words being `service.<code>`, `ask.<field>` and `choice.<field>.<code>` in the catalogues of
locales/. Keys are stable, for people remember `*789*1*...#`: 1 a fine, 2 identity, 3 civil status,
4 information, 5 what else there is, 9 verify.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from domain.catalogue import Catalogue, FeeKind, Field, FieldKind, Service, Tariff, in_force
from domain.wallet import Wallet
from menus import checkout, rules, welcome
from menus.screens import Ask, Dialogue, Find, Label, Menu, Node, Option

FAMILIES = {"identity": "2", "civil": "3"}  # those with a key of their own at the top


def build(
    catalogue: Catalogue, wallets: tuple[Wallet, ...], languages: dict[str, str], today: date
) -> Dialogue:
    """Return the dialogue of `catalogue`, with the tariffs in force on `today`.

    Args:
        catalogue: what can be paid.
        wallets: the wallets offered, the default one first.
        languages: code to name, in the order offered.
        today: the day the menus are for; an amount is settled only when a bill is made.
    """
    others = tuple(name for name in _families(catalogue, today) if name not in FAMILIES)
    nodes: dict[str, Node] = {
        **welcome.greetings(),
        **welcome.home(languages, others=bool(others)),
        **checkout.bills(wallets),
        **checkout.checkout("bill", "confirm.bill", "bill.find", wallets),
        **checkout.checkout("request", "confirm.request", "request.bill", wallets),
        **checkout.paid(wallets),
        **welcome.information(languages, tuple(_tariff_lines(catalogue, today))),
        **welcome.receipts(),
    }
    if others:
        families = (
            Option(str(key), Label(f"title.{name}"), name) for key, name in enumerate(others, 1)
        )
        nodes["others"] = Menu("title.others", tuple(families))
    for family in (*FAMILIES, *others):
        services = _open_services(catalogue, family, today)
        nodes[family] = Menu(f"title.{family}", tuple(_service_options(services, today)))
        for service in services:
            nodes |= _request(service, catalogue, today)
    return nodes


def texts_of(catalogue: Catalogue) -> set[str]:
    """Return the ids of the texts that the catalogue's services may bring, on or off."""
    ids = {f"offence.{code}" for code in catalogue.offences}
    for service in catalogue.services.values():
        ids |= {f"service.{service.code}", f"title.{service.family}", f"tariff.{service.code}"}
        for field in service.fields:
            ids.add(f"ask.{field.name}")
            ids |= {choice_id(field, choice.code) for choice in field.choices}
    return ids


def choice_id(field: Field, code: str) -> str:
    """Return the id of the text of a choice."""
    return f"choice.{field.name}.{code}"


def _families(catalogue: Catalogue, today: date) -> tuple[str, ...]:
    """The families with something to ask for and pay, in the order of the catalogue."""
    names = dict.fromkeys(service.family for service in catalogue.services.values())
    return tuple(name for name in names if _open_services(catalogue, name, today))


def _open_services(catalogue: Catalogue, family: str, today: date) -> tuple[Service, ...]:
    services = catalogue.family(family)
    return tuple(s for s in services if s.payable and _has_amount(catalogue, s, today))


def _has_amount(catalogue: Catalogue, service: Service, today: date) -> bool:
    match service.fee:
        case FeeKind.BY_CHOICE:
            return any(_priced_choices(service, today))
        case FeeKind.BY_TENDER:
            tenders = catalogue.tenders.values()
            return any(t.service == service.code and t.is_open(today) for t in tenders)
        case _:
            return service.tariff_on(today) is not None


def _priced_choices(service: Service, today: date) -> Iterator[tuple[Field, str, Tariff]]:
    for field in service.fields:
        for choice in field.choices:
            if tariff := in_force(choice.tariffs, today):
                yield field, choice.code, tariff


def _tariff_lines(catalogue: Catalogue, today: date) -> Iterator[Label]:
    """Every price in force, what is free included: nobody should be asked to pay for it."""
    yield Label("tariff.fine")
    for service in catalogue.services.values():
        if not service.enabled or service.fee is FeeKind.RECORDED:
            continue
        if service.fee in {FeeKind.FREE, FeeKind.BY_TENDER}:
            yield Label(f"tariff.{service.code}")
        elif service.fee is FeeKind.BY_CHOICE:
            for field, code, tariff in _priced_choices(service, today):
                yield Label(choice_id(field, code), tail=_price(tariff))
        elif tariff_now := service.tariff_on(today):
            yield Label(f"service.{service.code}", tail=_price(tariff_now))


def _service_options(services: Iterable[Service], today: date) -> Iterator[Option]:
    for key, service in enumerate(services, 1):
        label = Label(f"service.{service.code}", tail=_price(service.tariff_on(today)))
        yield Option(str(key), label, _node(service, 0), {"service": service.code, "again": ""})


def _price(tariff: Tariff | None) -> str:
    return f" {tariff.amount}" if tariff else ""


def _request(service: Service, catalogue: Catalogue, today: date) -> dict[str, Node]:
    """One screen a field, in order, then the bill."""
    nodes: dict[str, Node] = {}
    for n, field in enumerate(service.fields):
        title, then = f"ask.{field.name}", _node(service, n + 1)
        match field.kind:
            case FieldKind.PLACE:
                places = tuple(_place_options(service, field, then, catalogue))
                node: Node = Find(title, places, "problem.place")
            case FieldKind.CHOICE:
                node = Menu(title, tuple(_choice_options(service, field, then, today)))
            case _:
                rule = rules.of_field(field, service, catalogue)
                literal = field.kind is FieldKind.TEXT
                node = Ask(title, rule, field.name, then, skip=field.optional, literal=literal)
        nodes[_node(service, n)] = node
    return nodes


def _node(service: Service, n: int) -> str:
    if n == len(service.fields):
        return "request.bill"
    return f"request.{service.code}.{service.fields[n].name}"


def _place_options(
    service: Service, field: Field, then: str, catalogue: Catalogue
) -> Iterator[Option]:
    for place in catalogue.places_of(service):
        yield Option(str(place.key), Label(name=place.name), then, {field.name: place.slug})


def _choice_options(service: Service, field: Field, then: str, today: date) -> Iterator[Option]:
    """Each with its price where the fee is by choice; keys stay when one of them is closed."""
    by_choice = service.fee is FeeKind.BY_CHOICE
    for key, choice in enumerate(field.choices, 1):
        tariff = in_force(choice.tariffs, today)
        if tariff or not by_choice:
            label = Label(choice_id(field, choice.code), tail=_price(tariff))
            yield Option(str(key), label, then, {field.name: choice.code})
