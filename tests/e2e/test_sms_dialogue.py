"""Paying by SMS alone, in a running world: real workers, a simulated wallet, a simulated centre."""

from urllib.parse import urlencode

import pytest
import urllib3

from sandbox.phone import Phone
from sandbox.world import World
from tests.integration.web.words import words

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def fine(world: World) -> str:
    answer = urllib3.request("POST", f"{world.base_url}/sandbox/fines", json={})
    number: str = answer.json()["bill_number"]
    return number


def debits(world: World, bill_number: str) -> list[int]:
    query = urlencode({"bill_number": bill_number})
    charges = urllib3.request("GET", f"{world.base_url}/sandbox/charges?{query}").json()
    return [charge["amount"] for charge in charges]


def test_a_fine_is_paid_and_its_receipt_checked_by_sms_alone(world: World) -> None:
    phone, bill = Phone(world.base_url, "+22370451700"), fine(world)
    phone.write(f"Payer {bill[:5]} {bill[5:]}")
    shown = phone.wait_for_sms(f"1 {words('option.pay')}").text
    assert bill in shown
    assert "F CFA" in shown
    assert debits(world, bill) == []
    phone.write("1")
    assert "Orange Money" in phone.wait_for_sms(words("pay.sent")).text
    receipt = phone.wait_for_sms("REÇU Tr").text
    assert len(debits(world, bill)) == 1
    number = receipt.partition("*789*9*")[2].partition("#")[0]
    phone.write(f"VERIF {number}")
    assert "VALIDE" in phone.wait_for_sms("VALIDE").text
    phone.write(f"payer{bill}")
    phone.wait_for_sms(words("bill.paid"))
    assert len(debits(world, bill)) == 1
    assert all((sms.encoding, sms.segments) == ("GSM-7", 1) for sms in phone.inbox())
