"""The screens around the paying ones: the greeting, the home menu, information, receipts."""

from menus import rules
from menus.protocol import (
    CopyReceipt,
    Forget,
    Greet,
    Resume,
    SendReceipts,
    SetLanguage,
    VerifyReceipt,
)
from menus.screens import HOME, START, Ask, Label, Menu, Node, Notice, Option, Work

OTHERS_KEY = "5"


def greetings() -> dict[str, Node]:
    """Who calls, what became of their payment, what they left in the middle."""
    outcomes = {
        "under_way": "greet.under_way",
        "paid": "greet.paid",
        "unpaid": "greet.unpaid",
        "doubt": "greet.doubt",
    }
    go_on = (Option("1", Label("option.continue"), HOME),)
    resume = (
        Option("1", Label("option.resume"), "resume"),
        Option("2", Label("option.new"), "forget"),
    )
    return {
        START: Work(
            lambda _answers: Greet(),
            {"new": "language", "home": HOME, "resume": "greet.resume", **outcomes},
        ),
        **{name: Menu(name, go_on) for name in outcomes.values()},
        "greet.resume": Menu("greet.resume", resume),
        "resume": Work(lambda _answers: Resume(), {"gone": HOME}),
        "forget": Work(lambda _answers: Forget(), {"home": HOME}),
    }


def home(languages: dict[str, str], *, others: bool) -> dict[str, Node]:
    """The home menu and the choice of a language."""
    keys = {
        "1": ("fine", "fine.number"),
        "2": ("identity", "identity"),
        "3": ("civil", "civil"),
        "4": ("information", "information"),
        **({OTHERS_KEY: ("others", "others")} if others else {}),
        "9": ("verify", "receipt.number"),
    }
    options = (Option(key, Label(f"option.{label}"), goto) for key, (label, goto) in keys.items())
    return {
        HOME: Menu("title.home", tuple(options)),
        "language": _languages(languages),
        "language.set": Work(lambda answers: SetLanguage(answers["language"]), {"home": HOME}),
    }


def information(languages: dict[str, str], tariffs: tuple[Label, ...]) -> dict[str, Node]:
    """What can be known without paying: prices, the caller's own receipts, help."""
    return {
        "information": Menu(
            "title.information",
            (
                Option("1", Label("option.tariffs"), "tariffs"),
                Option("2", Label("option.language"), "language.choose"),
                Option("3", Label("option.help"), "help"),
                Option("4", Label("option.receipts"), "receipts"),
            ),
        ),
        "tariffs": Notice("title.tariffs", ends=False, lines=tariffs),
        "language.choose": _languages(languages),
        "help": Notice("help", ends=False),
    }


def receipts() -> dict[str, Node]:
    """Checking a receipt, having one's own sent again, having one sent to somebody else."""
    verdicts = {
        "valid": "receipt.valid",
        "cancelled": "receipt.cancelled",
        "unknown": "receipt.unknown",
        "too_many": "too_many",
    }
    ask_receipt, into = "ask.receipt_number", "receipt_number"
    return {
        "receipt.number": Ask(ask_receipt, rules.receipt_number, into, "receipt.verify"),
        "receipt.verify": Work(lambda a: VerifyReceipt(a["receipt_number"]), verdicts),
        **{name: Notice(name) for name in verdicts.values() if name.startswith("receipt.")},
        "receipts": Menu(
            "title.receipts",
            (
                Option("1", Label("option.send_receipts"), "receipts.send"),
                Option("2", Label("option.copy_receipt"), "copy.receipt"),
            ),
        ),
        "receipts.send": Work(lambda _a: SendReceipts(), {"sent": "receipts.sent"}),
        "receipts.sent": Notice("receipts.sent"),
        "copy.receipt": Ask(ask_receipt, rules.receipt_number, into, "copy.recipient"),
        "copy.recipient": Ask("ask.recipient", rules.telephone, "recipient", "copy.send"),
        "copy.send": Work(
            lambda a: CopyReceipt(a["receipt_number"], a["recipient"]), {"sent": "copy.sent"}
        ),
        "copy.sent": Notice("copy.sent"),
    }


def _languages(languages: dict[str, str]) -> Menu:
    options = (
        Option(str(key), Label(name=name), "language.set", {"language": code})
        for key, (code, name) in enumerate(languages.items(), 1)
    )
    return Menu("title.language", tuple(options))
