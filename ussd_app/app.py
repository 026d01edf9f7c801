"""The Flask application."""

from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ussd_app import logs, metrics, wiring
from ussd_app.cli import commands
from ussd_app.connectors import variable
from ussd_app.web import callbacks, health, phone, sandbox, sms, ussd, verification
from ussd_app.web.problem import problem
from ussd_app.web.proxies import Proxies, self_test
from ussd_app.web.sandbox import simulator_of

_BODY_MAX = 16_384  # no door takes more unless it says so
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # receipt numbers stand in the address
    "X-Content-Type-Options": "nosniff",
}


def create_app() -> Flask:
    """Build the application from the environment.

    Raises:
        SettingsError: a variable is missing or wrong.
        CatalogueError: a catalogue file cannot be used.
        TranslationsError: a catalogue of texts cannot be used.
        ChannelsError: the file of channels cannot be used.
        ProxyError: the proxies declared are none.
        CompileError: the dialogue they make cannot be shown.
    """
    app = Flask("sarali", root_path=str(Path(__file__).parent / "web"))
    logs.configure()
    app.config["MAX_CONTENT_LENGTH"] = _BODY_MAX
    app.extensions["sarali"] = wiring.context()
    settings = wiring.settings()
    for part in (ussd, callbacks, sms, health, verification):
        app.register_blueprint(part.doors)
    if settings.sandbox:
        app.config["SMS_CENTRE_URL"] = settings.sarali_at_url
        app.config["SIMULATORS"] = {
            code: simulator_of(settings.accounts[variable(code, "base_url")])
            for code in settings.operators
        }
        app.register_blueprint(sandbox.doors)
        app.register_blueprint(phone.doors)
    newsstand = wiring.newsstand()

    @app.before_request
    def take_the_newest_edition() -> None:
        context = app.extensions["sarali"]
        fresh = newsstand.newest(context)
        if fresh is not context:  # a slower request must not put the old one back
            app.extensions["sarali"] = fresh

    for command in commands:
        app.cli.add_command(command)
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(500, _broken)
    app.after_request(_harden)
    declared = (
        int(settings.sarali_proxies),
        settings.sarali_proxy_networks.split(),
        settings.sarali_certificate_header,
    )
    self_test(*declared)
    app.wsgi_app = Proxies(app.wsgi_app, *declared)  # type: ignore[method-assign]  # Flask's documented way
    app.config["CERTIFICATE_HEADER"] = settings.sarali_certificate_header.lower()
    return app


def _refuse(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    metrics.bad_requests.labels("other", str(status)).inc()
    answer = problem(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _broken(_error: Exception) -> Response:
    """A bug of ours: logged by Flask, told without detail."""
    metrics.bad_requests.labels("other", "500").inc()
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of ours; nothing was taken twice")


def _harden(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
