"""`/healthz` (the process), `/readyz` (what it depends on), `/metrics` (Prometheus)."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ussd_app.usecases.context import Context

doors = Blueprint("health", __name__)


@doors.get("/healthz")
def healthy() -> Response:
    """Answer as long as the process does."""
    return Response("ok\n", mimetype="text/plain")


@doors.get("/readyz")
def ready() -> tuple[Response, HTTPStatus]:
    """Say whether the database, at the right revision, and Redis answer."""
    context: Context = current_app.extensions["sarali"]
    parts = {"database": context.db.ready(), "redis": context.redis.ready()}
    good = all(parts.values())
    return jsonify(parts), HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE


@doors.get("/metrics")
def measured() -> Response:
    """Write the figures of this process."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
