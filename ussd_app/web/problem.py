"""Refusals for machines: RFC 9457 `application/problem+json`."""

import json
from http import HTTPStatus

from flask import Response


def problem(status: int, detail: str) -> Response:
    """Return a problem document; `detail` must not repeat what was sent."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(json.dumps(body), status, mimetype="application/problem+json")
