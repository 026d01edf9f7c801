"""What names a citizen stays out of logs, figures and keys: a whole world is run, then searched."""

import hashlib
import logging
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import urllib3
from redis import Redis

from sandbox.phone import Phone as Handset
from sandbox.world import World
from tests.integration.conftest import Servers
from tests.integration.web.citizen import FORM, Door, farewell, form, keys
from tests.integration.web.outages import only_reading
from tests.integration.web.words import end, words

CALLER, PAYER = "+22376543200", "+22378901207"  # both wallets pay at once
PLATE, NINA = "ZX 9876 QQ", "19001011234567Z"
OUTSIDE = {"orange", "sms", "commands"}  # the simulators' logs are not ours, nor a command's output


@dataclass(frozen=True)
class Traces:
    """Everything a run left behind, by where it lies; and the numbers of its bills."""

    texts: dict[str, str]
    keys: list[str]
    bill_numbers: tuple[str, str]


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Traces:
    """Two payments, with everything that may go wrong around them."""
    texts: dict[str, str] = {}
    with World(tmp_path_factory.mktemp("world") / "home") as world:
        bill_numbers = (pay_a_fine(world), pay_a_request_by_another(world))
        write_by_sms(world, bill_numbers[0])
        leave_in_the_middle(world)
        knock_wrongly(world, bill_numbers[0])
        with Redis.from_url(world.environ["REDIS_URL"]) as redis:
            names = keys(redis)
        call_during_an_outage(world, bill_numbers[0])
        for path in ("/metrics", "/readyz", "/healthz"):
            texts[path] = urllib3.request("GET", world.base_url + path).data.decode()
    ours = [log for log in world.log.iterdir() if log.stem not in OUTSIDE]
    return Traces(texts | {log.name: log.read_text() for log in ours}, names, bill_numbers)


def pay_a_fine(world: World) -> str:
    """The caller pays a fine of their own, and checks the receipt."""
    wish = {"plate": PLATE}
    fine = urllib3.request("POST", f"{world.base_url}/sandbox/fines", json=wish).json()
    number: str = fine["bill_number"]
    phone = Handset(world.base_url, CALLER)
    phone.dial(f"*789*1*{number}#")
    phone.answer("1")
    phone.repeat()
    receipt = phone.wait_for_sms("REÇU").text
    verify = receipt[receipt.index("*789*9*") :].split("#")[0]
    assert "VALIDE" in phone.dial(f"{verify}#")
    urllib3.request("GET", f"{world.base_url}/v/{verify.rpartition('*')[2]}")
    return number


def pay_a_request_by_another(world: World) -> str:
    """The caller asks for an identity card and has another telephone pay."""
    phone = Handset(world.base_url, CALLER)
    phone.dial("*789*2*1#")
    phone.answer(NINA)
    for option in ("option.other_way", "option.other_phone"):
        press(phone, words(option))
    phone.answer(PAYER.removeprefix("+223"))
    phone.answer("1")
    told = Handset(world.base_url, PAYER).wait_for_sms("REÇU").text
    return next(
        word for word in told.replace(",", " ").split() if len(word) == 10 and word.isdigit()
    )


def write_by_sms(world: World, bill_number: str) -> None:
    """The caller writes what must not be written down, and reads an answer."""
    phone = Handset(world.base_url, CALLER)
    phone.write(f"{PLATE} {NINA} {bill_number}")
    phone.write(f"PAYER {bill_number}")
    phone.wait_for_sms(words("bill.paid"))


def leave_in_the_middle(world: World) -> None:
    """A session is cut after something personal was typed, and the gateway says so."""
    body = form(CALLER, "cut", "", "*789*2*1#")
    over = farewell(CALLER, "cut", "Incomplete")
    for path, sent in (("", body), ("", form(CALLER, "cut", NINA)), ("/events", over)):
        url = f"{world.base_url}/ussd/africastalking{path}"
        answer = urllib3.request("POST", url, body=sent, headers={"Content-Type": FORM})
        assert answer.status == 200
    phone = Handset(world.base_url, CALLER)
    phone.dial("*789#")  # how the payments ended
    assert words("greet.resume") in phone.dial("*789#")


def press(phone: Handset, label: str) -> None:
    """Press the key of an option."""
    lines = phone.repeat().text.splitlines()
    phone.answer(next(line.split(" ")[0] for line in lines if line.endswith(label)))


def knock_wrongly(world: World, bill_number: str) -> None:
    """Requests of every wrong kind, each full of what must not be written down."""
    everything = f"{CALLER} {PAYER} {PLATE} {NINA} {bill_number}".encode()
    bare = CALLER.removeprefix("+223")
    for path, body, content_type in (
        ("/ussd/africastalking", everything, FORM),
        ("/ussd/africastalking", everything, "text/plain"),
        ("/ussd/africastalking", form(f"{CALLER}x", CALLER, PLATE), FORM),
        ("/ussd/africastalking", form(CALLER, CALLER, f"{PLATE}\x00"), FORM),
        ("/ussd/africastalking", form(CALLER, CALLER, "1" * 10_000), FORM),
        ("/ussd/africastalking", form(CALLER, CALLER, f"1*{bare}*{NINA}*{PLATE}"), FORM),
        ("/ussd/africastalking", form(CALLER, CALLER, "", f"*{bare}#"), FORM),
        ("/ussd/africastalking/events", form(CALLER, CALLER, PLATE), FORM),
        ("/sms/africastalking/delivery", b"id=1&status=Failed&phoneNumber=" + everything, FORM),
        ("/sms/africastalking/delivery", everything, FORM),
        ("/sms/africastalking/inbound", b"id=&from=" + everything, FORM),
        ("/sms/africastalking/inbound", b"id=1&from=" + everything, FORM),
        ("/sms/africastalking/inbound", everything, "text/plain"),
        ("/callbacks/orange_mp/0", everything, "application/json"),
        ("/callbacks/nobody/0", everything, "application/json"),
    ):
        urllib3.request(
            "POST", world.base_url + path, body=body, headers={"Content-Type": content_type}
        )


def call_during_an_outage(world: World, bill_number: str) -> None:
    """A turn that fails for want of Redis, and one for want of PostgreSQL."""
    for server in ("valkey", "postgres"):
        world[server].kill()
        body = form(CALLER, f"during {server}", f"1*{bill_number}")
        headers = {"Content-Type": FORM}
        url = f"{world.base_url}/ussd/africastalking"
        answer = urllib3.request("POST", url, body=body, headers=headers, timeout=15.0)
        assert answer.data.startswith(end("unavailable").encode())


def forms_of(number: str) -> list[str]:
    """How a telephone number may be written, or hidden badly."""
    national = number.removeprefix("+223")
    grouped = " ".join(national[n : n + 2] for n in range(0, 8, 2))
    plain = [number, number[1:], national]
    digests = [hashlib.new(name, one.encode()).hexdigest() for name in ("md5", "sha1", "sha256")
               for one in plain]  # fmt: skip
    encoded = [b64encode(one.encode()).decode().rstrip("=") for one in plain]
    return [*plain, grouped, quote(number), number.encode().hex(), *digests, *encoded]


@pytest.mark.parametrize("number", [CALLER, PAYER])
def test_no_log_and_no_figure_holds_a_telephone_number(traces: Traces, number: str) -> None:
    for place, text in traces.texts.items():
        for written in forms_of(number):
            assert written not in text, place


def test_no_log_and_no_figure_holds_a_plate_an_identity_or_a_bill(traces: Traces) -> None:
    for place, text in traces.texts.items():
        for secret in (PLATE, PLATE.replace(" ", ""), quote(PLATE), NINA, *traces.bill_numbers):
            assert secret not in text, place


def test_no_key_of_redis_names_anybody_or_anything(traces: Traces) -> None:
    assert any(key.startswith("ussd:") for key in traces.keys)
    for key in traces.keys:
        numbers = [*forms_of(CALLER), *forms_of(PAYER), *traces.bill_numbers]
        for secret in (*numbers, PLATE, PLATE.replace(" ", ""), NINA):
            assert secret not in key


def test_the_search_had_something_to_search(traces: Traces) -> None:
    assert "turn_failed" in traces.texts["web.log"]
    assert '"status": "succeeded"' in "".join(traces.texts.values())
    assert "sarali_bad_requests_total" in traces.texts["/metrics"]


def test_an_error_of_the_database_is_logged_without_what_was_written(
    door: Door, servers: Servers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with only_reading(door.context, servers.database_url) as broken:
        wish = f'{{"plate": "{PLATE}"}}'.encode()
        answer = door.give(broken).post("/sandbox/fines", wish, "application/json")
    assert answer.status_code in {500, 503}
    assert PLATE not in answer.get_data(as_text=True)
    assert PLATE not in caplog.text
