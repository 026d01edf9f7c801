"""`GET /phone`: a feature phone in the browser. Registered in the sandbox only.

The page alone is served here. Its script speaks the same public doors as anybody: the USSD door in
the words of Africa's Talking, the outbox of SMS, and fines on demand.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, render_template

from ussd_app.usecases.context import Context

# This page is the only one with a script, and the script may talk to its own origin only.
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a payment from a number with this `ending`; `sim` offers it at a click."""

    ending: str
    told: str
    sim: bool = False

    @property
    def number(self) -> str:
        """Return the national number of a wallet with this fate."""
        return f"700000{self.ending}"


# The table of DESIGN section 5. Endings that are not here are as the first.
_FATES = (
    Fate("01", "payé aussitôt", sim=True),
    Fate("10", "solde insuffisant", sim=True),
    Fate("11", "refusé par le citoyen", sim=True),
    Fate("12", "demande restée sans réponse", sim=True),
    Fate("20", "pas de réponse, mais débité", sim=True),
    Fate("21", "pas de réponse, rien de débité"),
    Fate("22", "erreur HTTP 500, mais débité"),
    Fate("30", "notification reçue deux fois"),
    Fate("31", "notification reçue avant la réponse"),
    Fate("32", "notification jamais reçue"),
    Fate("33", "faux avis « payé », puis refus", sim=True),
    Fate("40", "annoncé en échec, puis payé"),
    Fate("41", "payé, puis repris par l'opérateur", sim=True),
    Fate("42", "mauvais montant débité"),
    Fate("43", "mot inconnu, puis payé"),
    Fate("44", "téléphone occupé, puis payé", sim=True),
)

doors = Blueprint("phone", __name__)


@doors.get("/phone")
def phone() -> Response:
    """Serve the page; it allows itself a script and says so in its own policy."""
    context: Context = current_app.extensions["sarali"]
    offences = {
        code: context.texts.get("fr", f"offence.{code}")
        for code, offence in context.catalogue.offences.items()
        if offence.enabled
    }
    page = render_template("phone.html", code=context.channel.code, fates=_FATES, offences=offences)
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer
