"""What is no turn is refused: a problem for the machine that sent it, counted, and no row."""

from urllib.parse import parse_qsl, urlencode

import pytest

from tests.integration.web.citizen import CODE, FORM, PROBLEM, USSD, Door, everything, form
from tests.integration.web.words import con, end

NUMBER = "+22370000001"
GOOD = dict(parse_qsl(form(NUMBER, "session", "1").decode(), keep_blank_values=True))
REQUIRED = ["sessionId", "phoneNumber", "serviceCode", "text"]


def changed(**fields: str) -> bytes:
    return urlencode({**GOOD, **fields}).encode()


NOT_A_TURN = {
    **{
        f"no {name}": urlencode({k: v for k, v in GOOD.items() if k != name}).encode()
        for name in REQUIRED
    },
    **{f"{name} twice": urlencode(GOOD).encode() + f"&{name}=1".encode() for name in GOOD},
    **{f"NUL in {name}": changed(**{name: f"{GOOD[name]}\x00"}) for name in GOOD},
    **{
        f"{name} is not UTF-8": urlencode(GOOD).replace(f"{name}=", f"{name}=%ff%fe").encode()
        for name in GOOD
    },
    "nothing": b"",
    "bytes": b"\xff\xfe\x00\x01",
    "letters outside ASCII": "text=é&sessionId=1&serviceCode=*789#&phoneNumber=1".encode(),
    "JSON": b'{"sessionId": "1"}',
    "half a surrogate": changed(text="").replace(b"text=", b"text=%ed%a0%80"),
    "too many fields": changed() + b"".join(f"&f{n}=1".encode() for n in range(30)),
    "an empty session id": changed(sessionId=""),
    "a long session id": changed(sessionId="s" * 129),
}  # fmt: skip
NOT_A_NUMBER = [
    "", " ", "+", "abc", "70000001", "+223", "+2237000000", "+223700000011", "+22300000001",
    "+223 70 00 00 01", "++22370000001", "+22370000001;DROP TABLE bills",
    "+٢٢٣٧٠٠٠٠٠٠١", "+22370000001*1", "' OR '1'='1", "+" + "2" * 200, "0022370000001",
]  # fmt: skip
TOO_LARGE = {
    "ten thousand characters": changed(text="1" * 10_000),
    "ten thousand answers": changed(text="1*" * 5_000),
    "a million characters": changed(text="1" * 1_000_000),
    "a large field that nobody reads": changed(extra="x" * 5_000),
    "a text longer than any session's": changed(text="1" * 1_001),
    "more answers than any session's": changed(text="*".join("1" * 41)),
}
OTHER_TYPES = [
    None, "", "application/json", "text/plain", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded-not", "application/octet-stream",
]  # fmt: skip


def assert_refused(door: Door, body: bytes, status: int, content_type: str | None = FORM) -> None:
    before, counted = everything(door.context), _counted(door, status)
    answer = door.post(USSD, body, content_type)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert answer.json is not None
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert answer.json["status"] == status
    assert "70000001" not in answer.get_data(as_text=True)
    assert everything(door.context) == before
    assert _counted(door, status) == counted + 1


def _counted(door: Door, status: int) -> float:
    return door.figure("sarali_bad_requests_total", door="ussd", status=str(status))


@pytest.mark.parametrize("name", NOT_A_TURN)
def test_a_body_that_is_no_turn_is_refused(door: Door, name: str) -> None:
    assert_refused(door, NOT_A_TURN[name], 400)


@pytest.mark.parametrize("number", NOT_A_NUMBER)
def test_a_caller_without_a_telephone_number_is_refused(door: Door, number: str) -> None:
    assert_refused(door, changed(phoneNumber=number), 400)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_body_larger_than_a_session_is_refused(door: Door, name: str) -> None:
    assert_refused(door, TOO_LARGE[name], 413)


@pytest.mark.parametrize("content_type", OTHER_TYPES)
def test_another_content_type_is_refused(door: Door, content_type: str | None) -> None:
    assert_refused(door, changed(), 415, content_type)


@pytest.mark.parametrize("name", [name for name in REQUIRED if name != "text"])
def test_what_is_missing_is_named(door: Door, name: str) -> None:
    answer = door.post(USSD, NOT_A_TURN[f"no {name}"])
    assert answer.json is not None
    assert name in answer.json["detail"]


@pytest.mark.parametrize(
    "body",
    [
        changed(networkCode="99999"),
        changed(networkCode=""),
        changed(networkCode="anything at all"),
        urlencode({k: v for k, v in GOOD.items() if k != "networkCode"}).encode(),
        changed(unheardOf="1"),
        changed().replace(b"%2B", b"+"),
        changed(sessionId="s" * 128),
        changed(sessionId="ATUid_0f1e*' OR 1=1 --"),
        changed(serviceCode="*789*#"),
        changed(serviceCode="*789"),
        changed(phoneNumber=f"{NUMBER} "),
    ],
)
def test_what_gateways_differ_in_is_taken(door: Door, body: bytes) -> None:
    answer = door.post(USSD, body)
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).startswith("CON ")


@pytest.mark.parametrize("charset", ["; charset=utf-8", ";charset=UTF-8", " ; boundary=x"])
def test_parameters_of_the_content_type_do_not_matter(door: Door, charset: str) -> None:
    assert door.post(USSD, changed(), f"{FORM.upper()}{charset}").status_code == 200


def test_a_percent_sign_that_encodes_nothing_is_an_answer_like_any_other(door: Door) -> None:
    answer = door.post(USSD, changed().replace(b"text=1", b"text=%zz%"))
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).startswith(con("problem.choice"))


@pytest.mark.parametrize("dialled", ["*111#", "", "#", "*78#", "*7890#", "*1*789#", "٧٨٩"])
def test_a_code_that_is_not_ours_gets_a_last_screen(door: Door, dialled: str) -> None:
    before = everything(door.context)
    screen = door.turn(NUMBER, "session", "", dialled)
    assert screen == end("unknown_code", code=CODE)
    assert everything(door.context) == before
    assert door.figure("sarali_turns_total", outcome="unknown_code")


@pytest.mark.parametrize("path", ["/ussd/africastalking/x", "/ussd/africastalking/events/x"])
def test_a_path_that_the_dialect_does_not_have_is_none(door: Door, path: str) -> None:
    before = everything(door.context)
    answer = door.post(path, form("+22370000001", "session", ""))
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
    assert everything(door.context) == before
