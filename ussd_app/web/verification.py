"""`GET /v/<receipt_number>`: is this receipt real? A page for people, JSON for machines."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request

from domain.bill import FINE
from receipts import number
from receipts.record import Verdict
from ussd_app import metrics
from ussd_app.store.database import DatabaseError
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import guessing, tell, verify, wording
from ussd_app.usecases.context import Context
from ussd_app.usecases.verify import Verification
from ussd_app.web.problem import problem

_STATUS = {
    Verdict.VALID: HTTPStatus.OK,
    Verdict.CANCELLED: HTTPStatus.OK,
    Verdict.UNKNOWN: HTTPStatus.NOT_FOUND,
    Verdict.MISTYPED: HTTPStatus.BAD_REQUEST,
}
_SHOWN_MAX = 24
_LANGUAGES = ("fr", "bm")

doors = Blueprint("verification", __name__)


@doors.get("/v/<receipt_number>")
def check(receipt_number: str) -> Response:
    """Answer valid, cancelled, unknown or mistyped; anyone may ask, within limits."""
    context: Context = current_app.extensions["sarali"]
    asker = request.remote_addr or ""
    bare = receipt_number.replace(" ", "").replace("-", "")
    try:
        if not guessing.allowed_at(context, asker):
            return problem(HTTPStatus.TOO_MANY_REQUESTS, "too many unknown numbers: try later")
        found = verify.verify(context, bare)
        if found.verdict is Verdict.UNKNOWN:
            guessing.missed_at(context, asker)
    except (DatabaseError, Unreachable):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
    metrics.verifications.labels("web", found.verdict.value).inc()
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    answer = _json(found, bare) if best == "application/json" else _page(context, found, bare)
    answer.status_code = _STATUS[found.verdict]
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept"
    return answer


def _json(found: Verification, receipt_number: str) -> Response:
    receipt = found.receipt
    body: dict[str, object] = {"state": found.verdict.value}
    if receipt is not None:
        body |= {
            "receipt_number": receipt_number,
            "service": receipt.service,
            "subject": receipt.subject,
            "amount": receipt.francs,
            "currency": "XOF",
            "paid_on": receipt.paid_at.date().isoformat(),
            "bill_number_ends": receipt.bill_number[-3:],
            "cancelled_on": (
                receipt.cancelled_at.date().isoformat() if receipt.cancelled_at else None
            ),
        }
    return jsonify(body)


def _page(context: Context, found: Verification, receipt_number: str) -> Response:
    lang = request.accept_languages.best_match(_LANGUAGES, "fr")
    facts = wording.of_receipt(found.receipt) if found.receipt else {}
    shown = {
        name.removesuffix("_id"): context.texts.get(lang, value) if name.endswith("_id") else value
        for name, value in facts.items()
    }
    # Only what passed the check digits is dialled; a mistyped number is shown, cut short.
    typed = found.verdict is not Verdict.MISTYPED
    dialled = tell.dial(context, "9", receipt_number) if typed else ""
    spoken = number.spoken(receipt_number[:_SHOWN_MAX])
    page = render_template(
        "verification.html",
        lang=lang,
        state=found.verdict.value,
        number=spoken,
        dialled=dialled,
        facts=shown,
        fine=found.receipt is not None and found.receipt.service == FINE,
        text=lambda text_id: context.texts.get(lang, text_id),
    )
    return make_response(page)
