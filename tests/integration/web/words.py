"""The words of the screens as the network carries them.

A test names a text, so that it holds whatever the text says today. What each one says is for
tests/dialogues.
"""

from domain import gsm7
from ussd_app.manuscripts import LOCALES
from ussd_app.translations import Translations

_TEXTS = Translations.read([LOCALES], ("fr", "bm"))


def words(text_id: str, lang: str = "fr", **values: str) -> str:
    """Return a text, up to the first blank that `values` leave open."""
    text = _TEXTS.template(lang, text_id)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return gsm7.to_wire(text.partition("{")[0], lang)


def con(text_id: str, lang: str = "fr", **values: str) -> str:
    """Return how a screen begins that can be answered."""
    return f"CON {words(text_id, lang, **values)}"


def end(text_id: str, lang: str = "fr", **values: str) -> str:
    """Return how a last screen begins."""
    return f"END {words(text_id, lang, **values)}"


def confirm(bill_number: str, lang: str = "fr") -> str:
    """Return how the confirmation of a fine begins."""
    heading = words("heading.fine", lang)
    return con("confirm.bill", lang, heading=heading, bill_number=bill_number)


def confirm_request(service: str, lang: str = "fr") -> str:
    """Return how the confirmation of a request begins."""
    return con("confirm.request", lang, subject=words(f"service.{service}", lang))


OFFER = f"{con('greet.resume')}\n1 {words('option.resume')}\n2 {words('option.new')}"
SENT, SENT_OTHER = end("pay.sent"), end("pay.sent_other")
UNDER_WAY = end("bill.under_way")
HOME, LANGUAGE = con("title.home"), con("title.language")
ASK_BILL = con("ask.bill_number")
