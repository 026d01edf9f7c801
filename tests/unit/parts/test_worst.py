"""The worst that screens are proved with: every bill, every blank, and nothing longer is told."""

import pytest

from domain import gsm7
from registries import fines
from tests.dialogues import world
from tests.dialogues.world import BILL, BOTH, CATALOGUE, LANGUAGES, TEXTS, TODAY
from ussd_app.usecases import wording
from ussd_app.usecases.worst import Face, Worst

in_every_language = pytest.mark.parametrize("lang", LANGUAGES)


def faces(lang: str) -> list[Face]:
    return list(Worst(CATALOGUE, TEXTS, lang, TODAY).faces(BOTH))


@in_every_language
def test_every_offence_and_every_service_that_can_be_paid_stands_there(lang: str) -> None:
    offences = {f"offence.{o.code}" for o in CATALOGUE.offences.values() if o.enabled}
    services = {f"service.{s.code}" for s in CATALOGUE.services.values() if s.payable}
    assert {face["subject_id"] for face in faces(lang)} == offences | services


@in_every_language
def test_each_is_there_with_every_wallet_and_at_the_dearest_tariff_known(lang: str) -> None:
    told = {(face["subject_id"], face["wallet_name"], face["amount"]) for face in faces(lang)}
    for subject in {subject for subject, _, _ in told}:
        for wallet in BOTH:
            assert (subject, wallet.name, "90 000 F CFA") in told


@in_every_language
def test_every_wallet_may_be_down(lang: str) -> None:
    for face in faces(lang):
        assert all(face[f"down_{wallet.code}_id"] == "wallet.down" for wallet in BOTH)


@in_every_language
def test_whatever_a_citizen_answers_is_not_longer(lang: str) -> None:
    longest = {face["subject_id"]: len(gsm7.to_wire(face["detail"])) for face in faces(lang)}
    for place in CATALOGUE.places_of(CATALOGUE.services["birth_copy"]):
        answers = {"act": "999999", "year": "2026", "place": place.slug, "copies": "9"}
        request = world.read_request("birth_copy", answers)
        detail = world.detail_of(request, lang)["detail"]
        assert len(gsm7.to_wire(detail)) <= longest["service.birth_copy"]
    card = world.read_request("cni", {"nina": world.NINA})
    assert len(world.detail_of(card, lang)["detail"]) <= longest["service.cni"]


def test_all_that_is_told_of_bills_and_receipts_has_its_place() -> None:
    fine = fines.record(CATALOGUE, "demo_parking", BILL, TODAY)
    request = world.read_request("cni", {"nina": ""})
    told = set(world.facts_of_bill(fine, wallets=BOTH)) | set(
        wording.of_bill(request.bill(BILL, TODAY))
    )
    told |= set(world.detail_of(request, "fr"))
    known = {name for face in faces("fr") for name in face}
    assert told <= known
