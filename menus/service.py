"""The dialogue itself, as data: every screen a citizen can meet and where each key leads.

Services come from the catalogue: one with fields and a fee gets its screens here without code,
its words being `service.<code>` and `ask.<field>` in the catalogues of locales/. Keys are stable,
for people remember `*789*1*...#`: 1 a fine, 2 identity, 3 civil status, 4 information, 9 verify.
"""

from collections.abc import Iterable

from domain.catalogue import Catalogue, FeeKind, Field, FieldKind, Service
from domain.wallet import Wallet
from menus import rules
from menus.protocol import (
    FindBill,
    Greet,
    OpenPayment,
    RequestBill,
    SetLanguage,
    VerifyReceipt,
)
from menus.screens import (
    HOME,
    START,
    Answers,
    Ask,
    Confirm,
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
        **_bills(),
        **_checkout("bill", "confirm.bill", wallets),
        **_checkout("request", "confirm.request", wallets),
        **_paid(),
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


def _bills() -> dict[str, Node]:
    found = {
        "due": "bill.confirm",
        "paid": "bill.paid",
        "cancelled": "bill.cancelled",
        "under_way": "bill.under_way",
        "too_many": "too_many",
    }
    return {
        "fine.number": Ask("ask.bill_number", rules.bill_number, "bill_number", "bill.find"),
        "bill.find": Work(_find_bill, found, {"unknown": "problem.bill_unknown"}),
        "bill.find_again": Work(_find_bill, {**found, "unknown": "bill.cancelled"}),
        "request.bill": Work(
            _request_bill,
            {
                "due": "request.confirm",
                "under_way": "bill.under_way",
                "paid_before": "request.paid_before",
                "closed": "request.closed",
                "too_many": "too_many",
            },
        ),
        "request.paid_before": Menu(
            "request.paid_before",
            (Option("1", Label("option.again"), "request.bill", {"again": "yes"}),),
        ),
        "request.closed": Notice("request.closed"),
        "bill.paid": Notice("bill.paid"),
        "bill.cancelled": Notice("bill.cancelled"),
        "bill.under_way": Notice("bill.under_way"),
        "too_many": Notice("too_many"),
    }


def _checkout(door: str, title: str, wallets: tuple[Wallet, ...]) -> dict[str, Node]:
    """From a confirmation to a payment: `door` is what is confirmed, found by number or asked for.

    Each door keeps its own screens, so that whoever takes another way comes back to the same
    confirmation, with all that it said.
    """
    way = f"{door}.wallet" if len(wallets) > 1 else f"{door}.whose"
    other = Option("2", Label("option.other_way"), way, extra=True)
    # What the key says is what is done: a number typed on another screen does not pay here.
    ours = Option("1", Label("option.pay"), f"{door}.open", {"payer": ""})
    theirs = Option("1", Label("option.pay_other"), f"{door}.open")
    whose = (
        Option("1", Label("option.this_phone"), f"{door}.confirm", {"payer": ""}),
        Option("2", Label("option.other_phone"), f"{door}.number"),
    )
    nodes: dict[str, Node] = {
        f"{door}.confirm": Confirm(title, (ours, other)),
        f"{door}.confirm_other": Confirm(title, (theirs, other)),
        f"{door}.whose": Menu("title.whose", whose),
        f"{door}.number": Ask("ask.payer", rules.paying_number, "payer", f"{door}.confirm_other"),
        f"{door}.open": Work(_open_payment, {**_OPENED, "which_number": f"{door}.number"}),
    }
    if len(wallets) > 1:
        nodes[f"{door}.wallet"] = Menu("title.wallet", tuple(_wallets(door, wallets)))
    return nodes


_OPENED = {
    "opened": "pay.sent",
    "opened_other": "pay.sent_other",
    "changed": "bill.find_again",
    "paid": "bill.paid",
    "cancelled": "bill.cancelled",
    "under_way": "bill.under_way",
    "stranger_limit": "pay.stranger_limit",
    "amount_refused": "pay.amount_refused",
    "too_many": "too_many",
}


def _wallets(door: str, wallets: tuple[Wallet, ...]) -> Iterable[Option]:
    for key, wallet in enumerate(wallets, 1):
        sets = {"wallet": wallet.code, "wallet_name": wallet.name}
        yield Option(str(key), Label(name=wallet.name), f"{door}.whose", sets)


def _paid() -> dict[str, Node]:
    names = ("pay.sent", "pay.sent_other", "pay.stranger_limit", "pay.amount_refused")
    return {name: Notice(name) for name in names}


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


def _find_bill(answers: Answers) -> FindBill:
    return FindBill(answers["bill_number"])


def _request_bill(answers: Answers) -> RequestBill:
    return RequestBill(answers["service"], answers, again=answers.get("again") == "yes")


def _open_payment(answers: Answers) -> OpenPayment:
    return OpenPayment(
        bill_number=answers["bill_number"],
        version=int(answers["version"]),
        wallet=answers["wallet"],
        payer=answers.get("payer", ""),
    )
