"""Believing the proxies that are declared, and nobody else.

Any client can write X-Forwarded-For or name a client certificate. From an address that is none of a
declared proxy's those headers are taken off; from one that is, werkzeug reads as many of them as
there are proxies.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED")
_A_STRANGER, _A_CLIENT = "203.0.113.9", "198.51.100.7"  # addresses of documentation, RFC 5737


class ProxyError(ValueError):
    """What is declared does not do what it is declared for."""


class Proxies:
    """A WSGI application behind `count` proxies at `networks`.

    `certificate` is the header in which they tell the client's certificate.
    """

    def __init__(
        self, app: "WSGIApplication", count: int, networks: Sequence[str], certificate: str
    ) -> None:
        """Declare them.

        Raises:
            ProxyError: a network is none, or proxies are counted and none is declared.
        """
        try:
            self._networks: list[IPv4Network | IPv6Network] = [ip_network(n) for n in networks]
        except ValueError as error:
            raise ProxyError(f"SARALI_PROXY_NETWORKS: {error}") from None
        if bool(count) != bool(self._networks):
            raise ProxyError("SARALI_PROXIES and SARALI_PROXY_NETWORKS are set together")
        self._certificate = "HTTP_" + certificate.upper().replace("-", "_")
        self._plain = app
        self._behind = ProxyFix(app, x_for=count, x_proto=count) if count else app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Hand on a request with what may be believed of it."""
        if self._declared(environ.get("REMOTE_ADDR", "")):
            return self._behind(environ, start_response)
        for name in (*_FORWARDED, self._certificate):
            environ.pop(name, None)
        return self._plain(environ, start_response)

    def _declared(self, address: str) -> bool:
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self._networks)


def self_test(count: int, networks: Sequence[str], certificate: str) -> None:
    """Try what is declared on requests of our own: a proxy's, a stranger's, and a liar's.

    Raises:
        ProxyError: what is declared cannot be used, or does not hold.
    """
    seen: list[tuple[Any, bool]] = []

    def looks(environ: "WSGIEnvironment", _start: "StartResponse") -> Iterable[bytes]:
        seen.append((environ["REMOTE_ADDR"], header in environ))
        return ()

    header = "HTTP_" + certificate.upper().replace("-", "_")
    proxies = Proxies(looks, count, networks, certificate)
    hops = ", ".join([_A_CLIENT, *(_first(networks),) * (count - 1)]) if count else _A_CLIENT
    for address in (_A_STRANGER, _first(networks)):
        told = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": hops, header: "a certificate"}
        list(proxies(told, _never))
    expected = [(_A_STRANGER, False), (_A_CLIENT, True) if count else (_A_STRANGER, False)]
    if seen != expected:
        raise ProxyError("the proxies declared are not the ones believed")


def _first(networks: Sequence[str]) -> str:
    return str(ip_network(networks[0])[0]) if networks else _A_STRANGER


def _never(*_: object) -> Any:  # noqa: ANN401  # what WSGI declares is a function of bytes
    raise AssertionError
