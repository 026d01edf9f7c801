"""Handing one text to one provider: by itself, or over the one way out and under a bearer."""

from http import HTTPStatus

from domain.exchange import Answer
from domain.msisdn import Msisdn
from payments.operators.base import NO_TOKEN, Token
from payments.wire import bearers
from sms.gateway import Gateway, HttpGateway, Login, Result, Unknown
from ussd_app.store import operators
from ussd_app.usecases.context import Context

_TIMEOUT_S = 8.0


def carry(
    context: Context, provider: Gateway | HttpGateway, to: Msisdn, text: str, key: str
) -> Result:
    """Send `text`; no transaction is open meanwhile."""
    if not isinstance(provider, HttpGateway):
        return provider.send(to, text, key)
    bearer = _bearer(context, provider)
    if bearer is None:
        return Unknown("no bearer", left=False)
    outcome = context.transport(provider.request(to, text, key, bearer.bearer))
    refused = isinstance(outcome, Answer) and outcome.status == HTTPStatus.UNAUTHORIZED
    if refused and provider.login is not None:
        _forget(context, provider, bearer)
    return provider.read(outcome, key)


def _bearer(context: Context, provider: HttpGateway) -> Token | None:
    if provider.login is None:
        return NO_TOKEN
    with context.db.begin() as tx:
        kept = operators.token(tx, _name(provider), context.now())
    return kept or _fresh(context, provider, provider.login)


def _fresh(context: Context, provider: HttpGateway, login: Login) -> Token | None:
    now = context.now()
    wish = bearers.ask(login.url, login.client, _TIMEOUT_S)
    fresh = bearers.read(context.transport(wish))
    if fresh is not None:
        with context.db.begin() as tx:
            operators.keep_token(tx, _name(provider), fresh, now)
    return fresh


def _forget(context: Context, provider: HttpGateway, refused: Token) -> None:
    """Forget a bearer that is no longer taken; a fresher one, asked for meanwhile, stays."""
    with context.db.begin() as tx:
        kept = operators.token(tx, _name(provider), context.now())
        if kept is not None and kept.bearer == refused.bearer:
            operators.forget_token(tx, _name(provider))


def _name(provider: HttpGateway) -> str:
    """Bearers are kept by the operator's code; the provider of SMS may have the same."""
    return f"sms:{provider.code}"
