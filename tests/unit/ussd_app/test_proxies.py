"""Which addresses and certificates are believed, by who tells them."""

from collections.abc import Iterable

import pytest

from ussd_app.web.proxies import Proxies, ProxyError, self_test

CLIENT, PROXY, OTHER_PROXY, STRANGER = "198.51.100.7", "192.0.2.7", "192.0.2.8", "203.0.113.9"
HEADER = "X-Client-Certificate"
Seen = dict[str, object]


def _through(count: int, networks: list[str], **headers: str) -> Seen:
    seen: Seen = {}

    def app(environ: Seen, _start: object) -> Iterable[bytes]:
        seen.update(environ)
        return ()

    environ: Seen = {"REMOTE_ADDR": headers.pop("at"), **headers}
    list(Proxies(app, count, networks, HEADER)(environ, lambda *_: lambda _: None))
    return seen


@pytest.mark.parametrize(
    ("count", "told", "believed"),
    [
        (1, CLIENT, CLIENT),
        (1, f"{STRANGER}, {CLIENT}", CLIENT),
        (2, f"{CLIENT}, {OTHER_PROXY}", CLIENT),
        (2, f"{STRANGER}, {CLIENT}, {OTHER_PROXY}", CLIENT),
    ],
)
def test_a_declared_proxy_tells_the_address(count: int, told: str, believed: str) -> None:
    seen = _through(count, ["192.0.2.0/24"], at=PROXY, HTTP_X_FORWARDED_FOR=told)
    assert seen["REMOTE_ADDR"] == believed


@pytest.mark.parametrize("networks", [[], ["192.0.2.0/24"]])
@pytest.mark.parametrize("at", [STRANGER, "", "no address"])
def test_nobody_else_is_believed(networks: list[str], at: str) -> None:
    told = {"HTTP_X_FORWARDED_FOR": CLIENT, "HTTP_X_CLIENT_CERTIFICATE": "b0:15"}
    seen = _through(len(networks), networks, at=at, **told)
    assert seen["REMOTE_ADDR"] == at
    assert not seen.keys() & told.keys()


def test_a_declared_proxy_tells_the_certificate() -> None:
    seen = _through(1, [PROXY], at=PROXY, HTTP_X_CLIENT_CERTIFICATE="b0:15")
    assert seen["HTTP_X_CLIENT_CERTIFICATE"] == "b0:15"


@pytest.mark.parametrize(("count", "networks"), [(0, []), (1, [PROXY]), (3, ["192.0.2.0/24"])])
def test_what_is_declared_is_tried_at_the_start(count: int, networks: list[str]) -> None:
    self_test(count, networks, HEADER)


@pytest.mark.parametrize(
    ("count", "networks"), [(1, []), (0, [PROXY]), (1, ["proxy.example"]), (1, ["192.0.2.1/24"])]
)
def test_what_cannot_be_used_is_refused(count: int, networks: list[str]) -> None:
    with pytest.raises(ProxyError):
        self_test(count, networks, HEADER)
