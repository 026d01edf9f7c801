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


@doors.after_request
def _fresh(answer: Response) -> Response:
    """A receipt may be cancelled at any moment: no cache keeps any answer."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


@doors.get("/v/<receipt_number>")
def check(receipt_number: str) -> Response:
    """Answer valid, cancelled, unknown or mistyped; anyone may ask, within limits."""
    context: Context = current_app.extensions["sarali"]
    limits = guessing.of_address(context, request.remote_addr or "")
    bare = receipt_number.replace(" ", "").replace("-", "")
    try:
        if not guessing.allowed(context, limits):
            return _wait(context)
        found = verify.verify(context, bare)
        if found.verdict is Verdict.UNKNOWN:
            guessing.missed(context, limits)
    except (DatabaseError, Unreachable):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
    metrics.verifications.labels("web", found.verdict.value).inc()
    answer = _json(found, bare) if _wants_json() else _page(context, found, bare)
    answer.status_code = _STATUS[found.verdict]
    return answer


def _wait(context: Context) -> Response:
    if _wants_json():
        return problem(HTTPStatus.TOO_MANY_REQUESTS, "too many unknown numbers: try later")
    return make_response(_render(context, "too_many"), HTTPStatus.TOO_MANY_REQUESTS)


def _wants_json() -> bool:
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds, "text/html") == "application/json"


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
    lang = _lang()
    facts = wording.of_receipt(found.receipt) if found.receipt else {}
    shown = {
        name.removesuffix("_id"): context.texts.get(lang, value) if name.endswith("_id") else value
        for name, value in facts.items()
    }
    # Only what passed the check digits is dialled; a mistyped number is shown, cut short.
    typed = found.verdict is not Verdict.MISTYPED
    page = _render(
        context,
        found.verdict.value,
        number=number.spoken(receipt_number[:_SHOWN_MAX]),
        dialled=tell.dial(context, "9", receipt_number) if typed else "",
        facts=shown,
        fine=found.receipt is not None and found.receipt.service == FINE,
    )
    return make_response(page)


def _render(context: Context, state: str, **values: object) -> str:
    lang = _lang()
    return render_template(
        "verification.html",
        lang=lang,
        state=state,
        text=lambda text_id: context.texts.get(lang, text_id),
        **values,
    )


def _lang() -> str:
    return request.accept_languages.best_match(_LANGUAGES, "fr")
