"""From a number or a request to a payment: the screens between finding a bill and sending it.

A payment is opened from a confirmation only, and what its key says is what is done.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from domain.wallet import Wallet, Way
from menus import rules
from menus.protocol import CancelPayment, FindBill, OpenPayment, RequestBill
from menus.screens import Answers, Ask, Confirm, Label, Menu, Node, Notice, Option, Work

DOWN = "down_"  # and the code of a wallet: the answer that says its operator does not respond


def bills(wallets: tuple[Wallet, ...]) -> dict[str, Node]:
    """Finding a bill, or making one, and how it stands."""
    under_way = {"under_way": "bill.under_way"}
    if cancels := any(wallet.cancels for wallet in wallets):
        under_way["under_way_yours"] = "bill.under_way_yours"
    found = {
        "due": "bill.confirm",
        "paid": "bill.paid",
        "cancelled": "bill.cancelled",
        "too_many": "too_many",
        **under_way,
    }
    return {
        "fine.number": Ask("ask.bill_number", rules.bill_number, "bill_number", "bill.find"),
        "bill.find": Work(_find_bill, found, {"unknown": "problem.bill_unknown"}),
        "bill.find_again": Work(_find_bill, {**found, "unknown": "bill.cancelled"}),
        "request.bill": Work(
            _request_bill,
            {
                "due": "request.confirm",
                **under_way,
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
        **(_given_up() if cancels else {}),
    }


def _given_up() -> dict[str, Node]:
    """Where a wallet allows it: the caller's own payment, given up to pay another way."""
    option = Option("1", Label("option.cancel"), "pay.cancel")
    return {
        "bill.under_way_yours": Menu("bill.under_way_yours", (option,)),
        "pay.cancel": Work(_cancel, {"cancelling": "pay.cancelling", "gone": "bill.find_again"}),
        "pay.cancelling": Notice("pay.cancelling"),
    }


def checkout(door: str, title: str, again: str, wallets: tuple[Wallet, ...]) -> dict[str, Node]:
    """From a confirmation to a payment: `door` is what is confirmed, found by number or asked for.

    Each door keeps its own screens, so that whoever takes another way comes back to the same
    confirmation, with all that it said.
    """
    way = f"{door}.wallet" if len(wallets) > 1 else f"{door}.whose"
    other = Option("2", Label("option.other_way"), way, extra=True)
    # What the key says is what is done: a number typed on another screen does not pay here, and it
    # is still there for whoever goes back to the screen that names it.
    ours = Option("1", Label("option.pay"), f"{door}.open")
    theirs = Option("1", Label("option.pay_other"), f"{door}.open_other")
    whose = (
        Option("1", Label("option.this_phone"), f"{door}.confirm"),
        Option("2", Label("option.other_phone"), f"{door}.number"),
    )
    opened = {**_OPENED, **_opened_by(wallets), "which_number": f"{door}.number"}
    nodes: dict[str, Node] = {
        f"{door}.confirm": Confirm(title, (ours, other), again),
        f"{door}.confirm_other": Confirm(title, (theirs,), again),
        f"{door}.whose": Menu("title.whose", whose),
        f"{door}.number": Ask("ask.payer", rules.telephone, "payer", f"{door}.confirm_other"),
        f"{door}.open": Work(_open_payment, opened, pays=True),
        f"{door}.open_other": Work(_open_other_payment, opened, pays=True),
    }
    if any(wallet.way is Way.OTP for wallet in wallets):
        nodes |= _with_password(f"{door}.open", _open_payment, opened)
        nodes |= _with_password(f"{door}.open_other", _open_other_payment, opened)
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
    "wallet_down": "pay.wallet_down",
    "too_many": "too_many",
}


def _with_password(
    name: str, effect: Callable[[Answers], OpenPayment], opened: Mapping[str, str]
) -> dict[str, Node]:
    """Opening where the wallet may need a password first; then the password is the consent."""
    ask = f"{name}.password"
    return {
        name: Work(effect, {**opened, "which_otp": ask}, pays=True),
        ask: Ask("ask.otp", rules.otp, "otp", f"{name}.with_password", literal=True, pays=True),
        f"{name}.with_password": Work(effect, {**opened, "which_otp": ask}, pays=True),
    }


# What each way to pay says when it is opened. A prompt is what everybody has.
_SAID = {
    Way.OTP: {"opened_otp": "pay.sent_otp"},
    Way.LINK: {"opened_link": "pay.sent_link"},
    Way.REQUEST: {"opened_request": "pay.sent_request"},
    Way.DIAL: {"dial": "pay.dial"},
}


def _opened_by(wallets: tuple[Wallet, ...]) -> dict[str, str]:
    ways = dict.fromkeys(wallet.way for wallet in wallets)
    return {outcome: name for way in ways for outcome, name in _SAID.get(way, {}).items()}


def _wallets(door: str, wallets: tuple[Wallet, ...]) -> Iterable[Option]:
    for key, wallet in enumerate(wallets, 1):
        sets = {"wallet": wallet.code, "wallet_name": wallet.name}
        label = Label(name=wallet.name, flag=f"{DOWN}{wallet.code}")
        yield Option(str(key), label, f"{door}.whose", sets)


def paid(wallets: tuple[Wallet, ...]) -> dict[str, Node]:
    leads = {**_OPENED, **_opened_by(wallets)}
    names = {goto for goto in leads.values() if goto.startswith("pay.")}
    return {name: Notice(name) for name in sorted(names)}


def _find_bill(answers: Answers) -> FindBill:
    return FindBill(answers["bill_number"])


def _request_bill(answers: Answers) -> RequestBill:
    return RequestBill(answers["service"], answers, again=answers.get("again") == "yes")


def _cancel(answers: Answers) -> CancelPayment:
    return CancelPayment(answers["bill_number"])


def _open_payment(answers: Answers) -> OpenPayment:
    return OpenPayment(
        bill_number=answers["bill_number"],
        version=int(answers["version"]),
        wallet=answers["wallet"],
        payer="",
        otp=answers.get("otp", ""),
    )


def _open_other_payment(answers: Answers) -> OpenPayment:
    return replace(_open_payment(answers), payer=answers["payer"])
