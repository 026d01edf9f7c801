"""The sessions that are played to a channel before it goes into service, and what must hold.

They go by what all menus have in common: the first key leads on from the first screen, `00` leads
home, and 9 asks for the number of a receipt: what is said of one that was never given is the last
screen of a session. One is asked for in each run: a number may ask for ten a day. Nothing is paid,
and nothing is asked of a wallet.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus

from domain import check_digits
from homologation.gateways.base import Call, How, Reply
from homologation.line import Line
from homologation.trial import Outside, Stage, Terms, Trial, staged

HOME = "00"
LAST = ("9", check_digits.append("0" * 14))
FOREIGN_CODE = "*999999#"
TYPED_MAX = 182  # what a telephone lets one type
BODY_MAX = 4096
AT_ONCE = 4
MARK = "7351937"
BROKEN = b"\xff\xfe"
HOSTILE = (
    ("corps vide", b""),
    ("octets nuls", b"\x00" * 16),
    ("JSON imbriqué", b"[" * 3000),
    ("XML imbriqué", b"<a>" * 1200),
    ("entités XML", b"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>"),
    ("entité externe", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>"),
    ("formulaire de 400 champs", b"&".join(b"a%d=1" % n for n in range(400))),
)
ENDS = {How.CLEAN: "normale", How.CUT: "coupée", How.FAILED: "échec de l'application"}
MARKUP = ("<b>&amp;</b>", "' OR 1=1 --", '{"a": 1}', "%s%n$(id)", "-1", "é ɛ 😀")

Play = Callable[[Stage], None]


def play(dialect: str, terms: Terms, outside: Outside) -> Iterator[Trial]:
    """Play all sessions, one after the other."""
    for title, purpose, act in _SCRIPT:
        if act is _deep_dial and not terms.bill:
            continue
        trial = Trial(title, purpose)
        with staged(trial, dialect, terms, outside) as stage:
            act(stage)
        yield trial


def _same(first: Reply, *others: Reply) -> bool:
    known = (first.status, first.body)
    return all((reply.status, reply.body) == known for reply in others)


def _home(stage: Stage) -> Line:
    """A telephone at the main menu, whatever it was asked before."""
    line = stage.dialled()
    line.type("1", HOME)
    return line


def _normal(stage: Stage) -> None:
    line = _home(stage)
    for key in ("2", "0", "3", HOME):
        line.type(key)
    stage.check("La session reste ouverte pendant le parcours", held=not line.screen.ends)


def _repeat(stage: Stage) -> None:
    line = stage.dialled()
    for key in ("", "1", HOME, "2"):
        if key:
            line.type(key)
        first = line.reply
        line.again()
        stage.check(
            f"La requête répétée reçoit les mêmes octets (touche « {key or 'composition'} »)",
            held=_same(first, line.reply),
        )
    replies = stage.send_at_once(line.press("0"), AT_ONCE)
    line.again()
    words = f"La même requête, {AT_ONCE} fois au même moment, reçoit {AT_ONCE} fois la même réponse"
    stage.check(words, held=_same(line.reply, *replies))


def _lost(stage: Stage) -> None:
    line = _home(stage)
    lost = stage.send(line.press("2"))
    line.again()
    stage.check("La réponse perdue est redonnée à l'identique", held=_same(lost, line.reply))
    before = line.screen
    stage.check("La session continue", held=line.type("0") != before)


def _late(stage: Stage) -> None:
    line = stage.dialled()
    first = line.screen
    shown = line.type("1")
    stage.check("La première touche mène à un autre écran", held=shown != first)
    held = line.late() == shown
    stage.check("La première requête, revenue en retard, remontre l'écran courant", held=held)


def _cut(stage: Stage) -> None:
    line = _home(stage)
    line.type("2")
    for how in (How.CUT, How.FAILED):
        _tell(stage, line, how)
    line = stage.dialled()
    stage.check("L'abonné peut recomposer aussitôt", held=not line.screen.ends)


def _end(stage: Stage) -> None:
    line = stage.dialled()
    line.type(*LAST)
    stage.check("Le dernier écran ferme la session", held=line.screen.ends)
    _tell(stage, line, How.CLEAN)
    ended = line.reply
    line.again()
    held = _same(ended, line.reply)
    stage.check("La dernière requête, répétée après la fin, reçoit les mêmes octets", held=held)


def _tell(stage: Stage, line: Line, how: How) -> None:
    """Tell an end twice, as a gateway does that heard no answer."""
    replies = [reply for reply in (line.hang_up(how), line.hang_up(how)) if reply]
    if replies:
        held = all(reply.status < HTTPStatus.MULTIPLE_CHOICES for reply in replies)
        words = f"L'avis de fin de session ({ENDS[how]}) est accepté, deux fois"
        stage.check(words, held=held)


def _too_long(stage: Stage) -> None:
    line = _home(stage)
    line.type("1")
    _goes_on(stage, line, "9" * TYPED_MAX, "une réponse de 182 caractères")
    reply = stage.send(replace(line.calls[0], body=b"x" * (BODY_MAX + 1)))
    words = f"Plus de {BODY_MAX} octets sont refusés ({reply.status})"
    stage.check(words, held=stage.refuses(reply))


def _letters(stage: Stage) -> None:
    line = _home(stage)
    line.type("1")
    sound, shown = line.reply, line.calls[-1]
    reply = stage.send(_spoilt(line.press(MARK)))
    refused = stage.refuses(reply)
    words = "Des octets qui ne sont pas de l'UTF-8 ne cassent rien"
    stage.check(f"{words} ({reply.status})", held=refused or reply.status == HTTPStatus.OK)
    if refused:
        again = stage.send(shown)
        stage.check("La session n'en est pas dérangée", held=_same(sound, again))


def _spoilt(call: Call) -> Call:
    """The same call with bytes of no alphabet where the answer stands."""
    broken = BROKEN.decode("utf-8", "surrogateescape")
    query = {name: value.replace(MARK, broken) for name, value in call.query.items()}
    headers = {
        name: value.replace(MARK, BROKEN.decode("latin-1")) for name, value in call.headers.items()
    }
    return replace(
        call, body=call.body.replace(MARK.encode(), BROKEN), query=query, headers=headers
    )


def _hostile(stage: Stage) -> None:
    line = stage.dialled()
    opening, sound = line.calls[0], line.reply
    for name, body in HOSTILE:
        reply = stage.send(replace(opening, query={}, headers=_type_of(opening), body=body))
        stage.check(f"Refusé : {name} ({reply.status})", held=stage.refuses(reply))
    for method, path in (("DELETE", opening.path), (opening.method, "/nulle/part")):
        reply = stage.send(replace(opening, method=method, path=path))
        stage.check(f"Refusé : {method} …{path} ({reply.status})", held=stage.refuses(reply))
    stage.check("La session en cours n'en est pas dérangée", held=_same(sound, stage.send(opening)))


def _type_of(call: Call) -> dict[str, str]:
    return {name: value for name, value in call.headers.items() if name.lower() == "content-type"}


def _markup(stage: Stage) -> None:
    line = _home(stage)
    line.type("1")
    for typed in MARKUP:
        _goes_on(stage, line, typed, f"« {typed} »")


def _goes_on(stage: Stage, line: Line, typed: str, what: str) -> None:
    screen = line.type(typed)
    stage.check(f"Reçoit un écran, et la session continue : {what}", held=not screen.ends)


def _stranger(stage: Stage) -> None:
    line = _home(stage)
    shown = line.type("2")
    sound = line.reply
    other = stage.line(stage.terms.other)
    seen = other.dial(line.session.session_id)
    held = seen.text != shown.text
    stage.check("Un autre numéro, sous le même identifiant, ne voit pas cette session", held=held)
    line.again()
    stage.check("La première session n'en est pas dérangée", held=_same(sound, line.reply))


def _deep_dial(stage: Stage) -> None:
    bill = stage.terms.bill
    line = stage.dialled(f"{stage.terms.code.removesuffix('#')}*1*{bill}#")
    held = bill in line.screen.text and not line.screen.ends
    stage.check("Le code composé avec le numéro montre la facture, sans rien payer", held=held)
    line.again()
    held = bill in line.screen.text and not line.screen.ends
    stage.check("Répété, il la montre encore", held=held)
    line.type("0", HOME)  # where nothing tells hops apart, the first key only shows it again
    stage.check("Les touches 0 et 00 s'en éloignent", held=bill not in line.screen.text)


def _foreign(stage: Stage) -> None:
    line = stage.dialled(FOREIGN_CODE)
    stage.check("Un code qui n'est pas le nôtre ferme la session", held=line.screen.ends)


_SCRIPT: tuple[tuple[str, str, Play], ...] = (
    ("Session normale", "Composer, naviguer, revenir à l'accueil.", _normal),
    ("Répétitions", "La passerelle renvoie une requête, l'une après l'autre ou ensemble.", _repeat),
    ("Réponse perdue", "La réponse se perd ; la passerelle renvoie la requête.", _lost),
    ("Requête en retard", "Une ancienne requête arrive après la suivante.", _late),
    ("Session coupée", "L'abonné ou le réseau coupe en cours de session.", _cut),
    (
        "Fin de session",
        "Aller jusqu'au dernier écran ; la passerelle annonce la fin, et répète.",
        _end,
    ),
    ("Réponses trop longues", "Plus que ce qu'un téléphone laisse taper.", _too_long),
    ("Mauvais jeu de caractères", "Des octets qui ne sont d'aucun alphabet.", _letters),
    ("Requêtes hostiles", "Ce qui n'est pas une requête de passerelle est refusé.", _hostile),
    ("Saisies hostiles", "Du balisage et du code, tapés par l'abonné.", _markup),
    ("Autre abonné", "Un second numéro sous l'identifiant de session du premier.", _stranger),
    ("Code étranger", "Un code de service qui n'est pas le nôtre.", _foreign),
    ("Code composé en entier", "Le numéro de la facture suit le code court.", _deep_dial),
)
