"""`/healthz` (the process), `/readyz` (what it depends on), `/metrics` (Prometheus)."""

from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric

from ussd_app.store.database import DatabaseError
from ussd_app.usecases import measure
from ussd_app.usecases.context import Context
from ussd_app.usecases.measure import Measured, Spread

_LABELS = {
    "attempts": ("operator", "status"),
    "messages": ("template", "status"),
    "callbacks": ("operator",),
    "alarms": ("operator",),
    "receipts": ("state",),
    "journeys": ("channel", "lang", "reason"),
    "sms_sendings": ("provider", "outcome"),
    "sms_segments": ("provider",),
    "sms_francs": ("provider",),
}
_ABOUT = {
    "sms_sendings": "Messages handed to an SMS provider in the last 24 hours, tries included",
    "sms_segments": "Segments that SMS providers took in the last 24 hours",
    "sms_francs": "Francs that SMS providers took in the last 24 hours, as far as they are known",
}

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
    """Write the figures of this process, and those of the last 24 hours of all of them."""
    context: Context = current_app.extensions["sarali"]
    text = generate_latest()
    try:
        text += generate_latest(_Day(measure.measure(context)))
    except DatabaseError:  # this process's own figures are wanted then more than ever
        current_app.logger.warning("no figures of the day: the database does not answer")
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _histogram(spread: Spread) -> Metric:
    bounds = [*(str(bound) for bound in spread.bounds), "+Inf"]
    buckets = list(zip(bounds, map(float, spread.counts), strict=True))
    about = f"{spread.name.capitalize()} of the sessions of the last 24 hours"
    return HistogramMetricFamily(
        f"sarali_day_session_{spread.name}", about, buckets=buckets, sum_value=spread.total
    )


class _Day(CollectorRegistry):
    """What the tables say, as Prometheus reads it."""

    def __init__(self, taken: Measured) -> None:
        super().__init__()
        self._taken = taken

    def collect(self) -> Iterator[Metric]:
        """Yield a family a table."""
        lag = "Seconds the longest-waiting row of the outbox has been due"
        yield GaugeMetricFamily("sarali_outbox_lag_seconds", lag, value=self._taken.lag)
        share = "Messages of a hundred that an SMS provider is given"
        weights = GaugeMetricFamily("sarali_sms_weight", share, labels=("provider",))
        for provider, weight in self._taken.weights.items():
            weights.add_metric((provider,), weight)
        yield weights
        for spread in self._taken.spreads:
            yield _histogram(spread)
        for table, labels in _LABELS.items():
            about = _ABOUT.get(table, f"Rows of {table} in the last 24 hours")
            family = GaugeMetricFamily(f"sarali_day_{table}", about, labels=labels)
            for name, values, count in self._taken.counts:
                if name == table:
                    family.add_metric(values, count)
            yield family
