"""A file that cannot be used is named with its key and the reason, and what runs goes on."""

import json
from collections.abc import Mapping

import pytest

from domain.catalogue.reading import CatalogueError
from tests.integration.conftest import Build
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.editions.authority import SERVICE, TENDER, WORDS, Authority, tender
from tests.integration.web.words import HOME, SENT, con, confirm, words

Files = Mapping[str, str]
GOOD = {"services.toml": SERVICE, "tenders.toml": tender()}


def with_service(old: str, new: str) -> Files:
    assert old in SERVICE
    return {**GOOD, "services.toml": SERVICE.replace(old, new, 1)}


def with_tender(old: str, new: str) -> Files:
    assert old in tender()
    return {**GOOD, "tenders.toml": tender().replace(old, new, 1)}


BROKEN: Mapping[str, tuple[Files, tuple[str, ...]]] = {
    "no TOML": (with_service("[[service]]", "[[service"), ("services.toml",)),
    "not UTF-8": ({**GOOD, "tenders.toml": "\udcff"}, ("tenders.toml",)),
    "an unknown key": (
        with_service("enabled", "enabeld"),
        ("services.toml", "enabeld", "$.service[0]"),
    ),
    "a missing key": (
        with_service('family = "other"\n', ""),
        ("services.toml", "family", "$.service[0]"),
    ),
    "an unknown fee": (with_service("by_tender", "by_luck"), ("services.toml", "by_luck", "fee")),
    "a fee that lacks its field": (
        with_service("by_tender", "per_unit"),
        ("services.toml", "tender_documents", "fee", "quantity"),
    ),
    "a fee without an amount": (
        with_service("by_tender", "fixed"),
        ("services.toml", "tender_documents", "tariff"),
    ),
    "a name nobody can type": (
        with_service('"company"', '"La Société"'),
        ("services.toml", "tender_documents", "La Société"),
    ),
    "bounds the wrong way round": (
        with_service("high = 12", "high = 1"),
        ("services.toml", "tender_documents", "company", "low is above high"),
    ),
    "twice the same": (
        {**GOOD, "services.toml": SERVICE + SERVICE},
        ("services.toml", "tender_documents", "twice"),
    ),
    "an amount of nothing": (
        with_tender("amount = 50000", "amount = 0"),
        ("tenders.toml", TENDER, "amount"),
    ),
    "an amount that is text": (
        with_tender("amount = 50000", 'amount = "50000"'),
        ("tenders.toml", "amount"),
    ),
    "no legal basis": (
        with_tender('"Décret 2015-0604"', '""'),
        ("tenders.toml", TENDER, "legal basis"),
    ),
    "a tender that ends before it begins": (
        with_tender("closes = 2100-12-31", "closes = 2019-12-31"),
        ("tenders.toml", TENDER, "closes"),
    ),
    "a tender of no service": (
        with_tender('service = "tender_documents"', 'service = "cni"'),
        ("tender", TENDER, "service", "cni"),
    ),
    "a number nobody can type": (with_tender(f'"{TENDER}"', '"AO-12"'), ("tenders.toml", "AO-12")),
}


def refusals(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The reasons logged since the last look."""
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [event["reason"] for event in events if event["event"] == "edition_refused"]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_and_the_running_catalogue_stays(
    door: Door, authority: Authority, known: Phone, *, kind: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    files, told = BROKEN[kind]
    mark, before = door.context.edition.mark, refused(door)
    authority.say(WORDS)
    for name, text in files.items():
        authority.write(name, text)
    capsys.readouterr()
    authority.publish()
    (reason,) = refusals(capsys)
    for part in told:
        assert part in reason
    assert str(authority.folder) not in reason
    assert refused(door) == before + 1
    assert door.context.edition.mark == mark
    number = door.fine()
    assert words("option.others") not in known.dial()
    assert known.type("1", number).startswith(confirm(number))
    assert known.type("1").startswith(SENT)
    authority.sell_tenders()
    assert not refusals(capsys)
    assert known.dial(typed="5").startswith(con("title.others"))


@pytest.mark.parametrize(
    ("lang", "text_id", "text", "told"),
    [
        ("fr", "ask.company", "", ("fr", "ask.company", "missing")),
        ("fr", "service.tender_documents", "D" * 60, ("fr", "request.confirm", "over 152")),
        ("bm", "service.tender_documents", "D" * 60, ("bm", "request.confirm", "over 152")),
        ("bm", "ask.company", "Sosiyete {name}:", ("bm", "ask.company", "blanks", "{name}")),
        ("fr", "ask.company", "Nom {0}:", ("fr", "ask.company", "{0}")),
        ("fr", "ask.company", "Nom {:", ("fr", "ask.company")),
        ("bm", "ask.company", "名前:", ("bm", "ask.company", "sign")),
        ("fr", "ask.sompany", "Nom:", ("fr", "ask.sompany", "nowhere")),
        ("fr", "confirm.bill", "{heading} {nombre}", ("confirm.bill", "{nombre}")),
    ],
)
def test_words_that_cannot_be_shown_are_named_by_screen_language_and_how_much(
    door: Door, authority: Authority, known: Phone, *, lang: str, text_id: str, text: str,
    told: tuple[str, ...], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    mark = door.context.edition.mark
    authority.say({**WORDS, lang: {**WORDS[lang], text_id: text}})
    for name, rows_of in GOOD.items():
        authority.write(name, rows_of)
    capsys.readouterr()
    authority.publish()
    (reason,) = refusals(capsys)
    for part in told:
        assert part in reason
    assert door.context.edition.mark == mark
    assert known.dial().startswith(HOME)
    authority.say(WORDS)
    authority.publish()
    assert door.context.edition.mark != mark


@pytest.mark.parametrize(
    "text",
    [
        "no gettext\n",
        "\udcff\n",
        'msgid "option.fine"\nmsgstr Alamani sara\n',
        'msgid "option.fine"\nmsgstr "Alamani sara\n',
        'msgid option.fine\nmsgstr "Alamani sara"\n',
        'msgid "option.fine"\nmsgstr "A"\n\nmsgid "option.fine"\nmsgstr "B"\n',
    ],
)
def test_a_catalogue_of_texts_that_cannot_be_read_is_named(
    door: Door, authority: Authority, known: Phone, *, text: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    mark = door.context.edition.mark
    authority.write("locales/bm.po", text)
    capsys.readouterr()
    authority.publish()
    assert door.context.edition.mark == mark
    (reason,) = refusals(capsys)
    assert "bm.po" in reason
    assert known.dial().startswith(HOME)


def test_what_is_broken_is_read_once_and_not_at_every_request(
    door: Door, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    authority.write("services.toml", "[[")
    for _ in range(4):
        authority.publish()
    assert len(refusals(capsys)) == 1
    authority.write("services.toml", "[[[")
    authority.publish()
    assert len(refusals(capsys)) == 1
    assert door.request("GET", "/readyz").status_code == 200


def test_a_folder_that_is_gone_is_said_and_the_catalogue_stays(
    door: Door, authority: Authority, known: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    authority.sell_tenders()
    away = authority.folder.rename(authority.folder.with_name("away"))
    capsys.readouterr()
    authority.publish()
    (reason,) = refusals(capsys)
    assert "SARALI_CATALOGUE" in reason
    assert words("option.others") in known.dial()
    away.rename(authority.folder)
    authority.publish()
    assert not refusals(capsys)
    assert door.request("GET", "/readyz").status_code == 200


def test_an_application_does_not_start_on_a_broken_file(build: Build, authority: Authority) -> None:
    authority.write("services.toml", SERVICE.replace("by_tender", "by_luck"))
    with pytest.raises(CatalogueError) as refusal:
        build({"SARALI_CATALOGUE": str(authority.folder)})
    for part in ("services.toml", "by_luck", "fee"):
        assert part in str(refusal.value)


def test_other_files_in_the_folder_are_not_looked_at(
    door: Door, authority: Authority, known: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    for name in ("README.md", "services.toml.bak", "locales/fr.po.orig", "deep/services.toml"):
        authority.write(name, "[[ nothing of ours")
    authority.publish()
    assert not refusals(capsys)
    assert door.request("GET", "/healthz").status_code == 200
    assert known.dial().startswith(HOME)
    assert known.type("1").startswith(con("ask.bill_number"))


def refused(door: Door) -> float:
    return door.figure("sarali_editions_total", verdict="refused")
