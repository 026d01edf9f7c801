"""The browser phone, in a real browser on a real world. Each test has a number of its own."""

import re

import pytest
import urllib3
from playwright.sync_api import Page, expect

from sandbox.world import World
from tests.e2e.handset import SMS_WITHIN, Handset, Watch
from ussd_app import wiring
from ussd_app.app import create_app


def debits(world: World, bill: str) -> list[int]:
    url = f"{world.base_url}/sandbox/charges?bill_number={bill}"
    return [charge["amount"] for charge in urllib3.request("GET", url).json()]


def test_a_new_caller_dials_the_code_and_chooses(page: Page) -> None:
    phone = Handset(page, "76010100")
    phone.dial("*789#")
    phone.shows("Langue / Kan", "1 Francais")
    phone.click("1", "left")
    phone.shows("Sàrali - Trésor Public", "1 Payer une amende")
    phone.click("1", "call")
    phone.shows("(10 chiffres)")
    phone.click("1", "2", "clear", "3")
    expect(phone.entry).to_have_value("13")
    phone.click("hang")
    phone.shows("Composez", "*789#")


def test_a_fine_is_paid_and_its_receipt_read_and_verified(world: World, page: Page) -> None:
    phone = Handset(page, "76010200")
    expect(phone.badge).to_be_hidden()
    bill = phone.new_fine()
    phone.click("call")
    phone.shows(f"Amende {bill}", "3 000 F CFA", "1 Payer: Orange Money")
    phone.click("1", "left")
    phone.shows("Vous allez recevoir la demande Orange Money")

    phone.opens_its_newest_message()

    phone.shows("SARALI", "REÇU", bill, "3 000 F CFA")
    expect(phone.badge).to_be_hidden()
    assert debits(world, bill) == [3000]
    phone.click("left", "call")  # the code in the message dials itself
    phone.shows("REÇU VALIDE", "3 000 F CFA")


def test_a_repeated_turn_has_the_same_bytes_and_pays_once(world: World, page: Page) -> None:
    phone = Handset(page, "76010300")
    bill = phone.new_fine()
    phone.click("call")
    phone.shows("1 Payer")
    phone.click("1", "left")
    phone.shows("Vous allez recevoir")

    phone.button("Répéter le tour").click()

    verdict = phone.page.locator("#verdict")
    expect(verdict).to_contain_text(re.compile(r"mêmes octets : (\d+) sur \1 identiques"))
    expect(phone.wire.first).to_contain_text("octets identiques")
    assert phone.exchange(0) == phone.exchange(1)
    form, answer = phone.exchange(0)
    assert re.fullmatch(
        rf"sessionId=ATUid_[0-9a-f]{{32}}&phoneNumber=%2B22376010300&networkCode=99999"
        rf"&serviceCode=\*789\*1\*{bill}%23&text=1",
        form,
    )
    assert answer.startswith("END Vous allez recevoir")
    phone.opens_its_newest_message()
    assert debits(world, bill) == [3000]


def test_a_dropped_session_is_dialled_again(page: Page) -> None:
    phone = Handset(page, "76010400")
    bill = phone.new_fine()
    phone.click("call")
    phone.shows(f"Amende {bill}")
    phone.button("Couper la session").click()
    phone.shows("Connexion coupée")
    phone.button("Rappeler").click()
    phone.shows(f"Amende {bill}", "1 Payer")
    ids, forms = zip(*(phone.exchange(at)[0].split("&", 1) for at in (0, 1)), strict=True)
    assert (len(set(ids)), len(set(forms))) == (2, 1)


@pytest.mark.slow
def test_an_answer_still_on_its_way_is_lost_with_the_session(page: Page) -> None:
    phone = Handset(page, "76010500")
    phone.delay("5 s")
    phone.dial("*789#")
    phone.shows("Requête en cours")
    phone.button("Couper la session").click()
    phone.shows("Connexion coupée")
    expect(phone.wire.first).to_contain_text("réponse perdue", timeout=10_000)
    assert phone.exchange(0)[1].startswith("CON Langue / Kan")
    phone.shows("Connexion coupée")


@pytest.mark.slow
def test_the_gateway_gives_up_on_an_answer_that_is_too_late(page: Page) -> None:
    phone = Handset(page, "76010600")
    phone.delay("12 s")
    phone.dial("*789#")
    expect(phone.screen).to_contain_text("la passerelle a renoncé", timeout=15_000)
    expect(phone.wire.first).to_contain_text("trop tard")
    phone.delay("aucun")
    phone.click("left")
    phone.shows("Langue / Kan")


def test_all_of_it_goes_without_a_mouse(page: Page) -> None:
    phone = Handset(page, "76010700")
    keyboard = page.keyboard
    phone.button("Nouvelle amende").focus()
    keyboard.press("Enter")
    expect(phone.entry).to_be_focused()
    keyboard.press("Enter")
    phone.shows("1 Payer", "0 Retour")
    for _ in range(3):
        keyboard.press("ArrowDown")
    assert phone.screen.evaluate("each => each.scrollTop") > 0
    phone.types("7")
    phone.shows("Tapez 1/0")
    keyboard.type("7")
    keyboard.press("Backspace")
    phone.types("1")
    phone.shows("Vous allez recevoir")
    keyboard.press("Escape")
    phone.shows("Composez")
    expect(phone.badge).to_be_visible(timeout=SMS_WITHIN)
    keyboard.press("Enter")
    keyboard.press("Enter")
    phone.shows("REÇU")
    keyboard.press("Backspace")
    keyboard.press("Escape")
    expect(phone.entry).to_be_focused()
    keyboard.press("Tab")
    expect(phone.button("Messages")).to_be_focused()
    phone.key("7").focus()
    keyboard.press("Enter")
    expect(phone.entry).to_have_value("7")


def test_every_control_has_a_name_and_the_screen_speaks(page: Page) -> None:
    controls = page.locator("button:visible, input:visible, select:visible, summary:visible").all()
    assert len(controls) > 30
    for control in controls:
        expect(control).to_have_accessible_name(re.compile(r"\S"))
    expect(page.locator("#text[role=status][aria-live=polite]")).to_be_visible()


def test_the_number_decides_and_the_page_says_how(page: Page) -> None:
    page.get_by_role("radio", name="70 00 00 10 solde insuffisant").check()
    page.get_by_role("radio", name="70 00 00 41 payé, puis repris par l'opérateur").check()
    phone = Handset(page, "+223 76 01 08 10")
    expect(page.locator("#free-fate")).to_have_text("10 : solde insuffisant")
    expect(page.locator("#carrier")).to_have_text("76 01 08 10")
    phone.new_fine()
    phone.click("call")
    phone.shows("1 Payer")
    phone.click("1", "left")
    phone.opens_its_newest_message()
    phone.shows("NON PAYÉ", "Solde insuffisant")
    phone = Handset(page, "76010899")
    expect(page.locator("#free-fate")).to_have_text("99 : payé aussitôt")
    expect(phone.badge).to_be_hidden()  # another SIM, another inbox


def test_letters_are_typed_as_on_a_phone(page: Page) -> None:
    phone = Handset(page, "76010900")
    phone.dial("*789#")
    phone.shows("Langue")
    phone.click("#")
    phone.key("2").dblclick()
    phone.click("3", "#", "5")
    expect(phone.entry).to_have_value("BD5")


@pytest.mark.parametrize("width", [320, 390, 820, 1280])
def test_it_fits_any_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_it_speaks_to_the_public_doors_of_its_origin_only(
    page: Page, watch: Watch, world: World
) -> None:
    phone = Handset(page, "76011000")
    phone.dial("*789#")
    phone.new_fine()
    paths = {url.removeprefix(world.base_url).partition("?")[0] for url in watch.requests}
    doors = {path for path in paths if not path.startswith("/static/")}
    assert doors == {"/phone", "/ussd/africastalking", "/sandbox/outbox", "/sandbox/fines"}


def test_it_alone_may_run_a_script(world: World) -> None:
    page = urllib3.request("GET", f"{world.base_url}/phone")
    other = urllib3.request("GET", f"{world.base_url}/v/0000000000000000")
    policies = [each.headers["Content-Security-Policy"] for each in (page, other)]
    assert "script-src 'self'; connect-src 'self'" in policies[0]
    assert "unsafe" not in policies[0]
    assert "script-src" not in policies[1]
    assert set(policies[1].split("; ")) <= set(policies[0].split("; ")), "the rest stays"


def test_production_has_no_such_phone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    caches = (wiring.settings, wiring.context, wiring.shelf, wiring.newsstand)
    production = {"SARALI_ENV": "production", "SARALI_USSD_SECRET": "s" * 32}
    for name, value in (world.environ | production).items():
        monkeypatch.setenv(name, value)
    for cache in caches:
        cache.cache_clear()
    try:
        client = create_app().test_client()
    finally:
        for cache in caches:
            cache.cache_clear()
    assert [client.get(path).status_code for path in ("/healthz", "/phone")] == [200, 404]
