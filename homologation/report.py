"""The report of a homologation: one page of HTML, in French, to be printed, read and signed.

What proves a gateway is nowhere in it: the secret of an address and the values of the headers sent
along are masked wherever they stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from homologation.gateways.base import Call, Reply
from homologation.trial import Check, Exchange, Terms, Trial

MASK = "•••"
_SHOWN_MAX = 1500  # characters of a body
_SECRET_PLACE = 3  # /ussd/<channel>/<secret>
_SECRET_MIN = 4  # shorter ones would mask half of the page


@dataclass(frozen=True, slots=True)
class About:
    """What was tried out, when, and what is to be masked."""

    dialect: str
    address: str
    terms: Terms
    at: datetime
    secrets: tuple[str, ...] = field(default=(), repr=False)


def write(about: About, trials: Sequence[Trial]) -> str:
    """Return the report."""
    held = all(trial.held for trial in trials)
    page = _PAGE.format(
        style=_STYLE,
        dialect=escape(about.dialect),
        verdict="CONFORME" if held else "NON CONFORME",
        mood="yes" if held else "no",
        facts=_facts(about, trials),
        summary="\n".join(_line(number, trial) for number, trial in enumerate(trials, 1)),
        sessions="\n".join(_session(number, trial) for number, trial in enumerate(trials, 1)),
    )
    for secret in (*about.secrets, *urlsplit(about.address).path.split("/")[_SECRET_PLACE:]):
        if len(secret) >= _SECRET_MIN:
            page = page.replace(escape(secret), MASK)
    return page


def _facts(about: About, trials: Sequence[Trial]) -> str:
    terms = about.terms
    seconds = [each.seconds for trial in trials for each in trial.exchanges]
    half, most = _percentile(seconds, 50), _percentile(seconds, 95)
    checks = [check for trial in trials for check in trial.checks]
    facts = {
        "Dialecte": about.dialect,
        "Adresse": about.address,
        "Date": f"{about.at:%d/%m/%Y %H:%M} UTC",
        "Code court": terms.code,
        "Écran": f"{terms.septets} septets au plus",
        "Délai": f"{terms.seconds:g} s au plus",
        "Vérifications": f"{sum(check.held for check in checks)} tenues sur {len(checks)}",
        "Requêtes": str(len(seconds)),
        "Temps de réponse": f"médiane {half:.0f} ms, 95 % en {most:.0f} ms,"
        f" maximum {max(seconds, default=0.0) * 1000:.0f} ms",
    }
    return "\n".join(
        f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in facts.items()
    )


def _percentile(seconds: Sequence[float], percent: int) -> float:
    """In milliseconds."""
    if not seconds:
        return 0.0
    return quantiles([*seconds, *seconds], n=100, method="inclusive")[percent - 1] * 1000


def _line(number: int, trial: Trial) -> str:
    held = sum(check.held for check in trial.checks)
    return (
        f'<tr><td>{number}</td><td><a href="#s{number}">{escape(trial.title)}</a></td>'
        f"<td>{held} / {len(trial.checks)}</td>{_verdict(held=trial.held)}</tr>"
    )


def _verdict(*, held: bool) -> str:
    return f'<td class="{"yes" if held else "no"}">{"tenu" if held else "NON TENU"}</td>'


def _session(number: int, trial: Trial) -> str:
    checks = "\n".join(_check(check) for check in trial.checks)
    rows = "\n".join(_exchange(place, each) for place, each in enumerate(trial.exchanges, 1))
    return _SESSION.format(
        number=number,
        title=escape(trial.title),
        purpose=escape(trial.purpose),
        checks=checks,
        exchanges=rows,
    )


def _check(check: Check) -> str:
    return f"<tr><td>{escape(check.words)}</td>{_verdict(held=check.held)}</tr>"


def _exchange(place: int, exchange: Exchange) -> str:
    screen = escape(exchange.screen.text) if exchange.screen else ""
    ends = " (fin)" if exchange.screen and exchange.screen.ends else ""
    return (
        f"<tr><td>{place}</td><td><pre>{escape(_request(exchange.call))}</pre></td>"
        f"<td><pre>{escape(_answer(exchange.reply))}</pre></td>"
        f"<td><pre>{screen}</pre>{ends}</td><td>{exchange.seconds * 1000:.0f}</td></tr>"
    )


def _request(call: Call) -> str:
    query = urlencode(call.query, errors="surrogateescape")
    lines = [f"{call.method} …{call.path}{'?' if query else ''}{query}"]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    return "\n".join([*lines, "", _body(call.body)]).rstrip()


def _answer(reply: Reply | None) -> str:
    if reply is None:
        return "aucune réponse"
    kind = reply.headers.get("content-type", "")
    return f"{reply.status} {kind}\n\n{_body(reply.body)}".rstrip()


def _body(body: bytes) -> str:
    text = body.decode("utf-8", "backslashreplace")
    text = "".join(
        each if each.isprintable() or each == "\n" else repr(each)[1:-1] for each in text
    )
    rest = len(text) - _SHOWN_MAX
    return text if rest <= 0 else f"{text[:_SHOWN_MAX]}… ({rest} caractères de plus)"


_STYLE = """
body { font: 11pt/1.4 sans-serif; margin: 2em auto; padding: 0 1em; max-width: 70em; color: #111 }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }
table { border-collapse: collapse; width: 100%; margin: .6em 0 }
th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top }
pre { margin: 0; font: 9pt/1.35 monospace; white-space: pre-wrap; overflow-wrap: anywhere }
.yes { background: #e2f3e2 } .no { background: #f8d4d0; font-weight: bold }
.verdict { font-size: 1.3em; padding: .4em .8em; border: 2px solid; display: inline-block }
.sign td { height: 3.2em; width: 38% }
@media print {
  body { margin: 0; padding: 0; font-size: 9pt }
  h2 { break-after: avoid } tr { break-inside: avoid }
}
"""

_PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width"/>
<title>Sarali : homologation USSD, {dialect}</title>
<style>{style}</style>
</head>
<body>
<h1>Sarali : rapport d'homologation USSD</h1>
<p class="verdict {mood}">{verdict}</p>
<table>
{facts}
</table>
<h2>Sessions jouées</h2>
<table>
<tr><th>N°</th><th>Session</th><th>Vérifications</th><th>Verdict</th></tr>
{summary}
</table>
<h2>Signatures</h2>
<table class="sign">
<tr><th></th><th>Pour l'opérateur</th><th>Pour Sarali</th></tr>
<tr><th>Nom</th><td></td><td></td></tr>
<tr><th>Fonction</th><td></td><td></td></tr>
<tr><th>Date</th><td></td><td></td></tr>
<tr><th>Signature</th><td></td><td></td></tr>
<tr><th>Réserves</th><td></td><td></td></tr>
</table>
{sessions}
</body>
</html>
"""

_SESSION = """<h2 id="s{number}">{number}. {title}</h2>
<p>{purpose}</p>
<table>
<tr><th>Ce qui devait tenir</th><th>Verdict</th></tr>
{checks}
</table>
<table>
<tr><th>N°</th><th>Requête</th><th>Réponse</th><th>Écran lu</th><th>ms</th></tr>
{exchanges}
</table>
"""
