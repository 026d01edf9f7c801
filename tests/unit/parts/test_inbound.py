"""What Africa's Talking posts when somebody wrote to us."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.inbound import Inbound, NoMessageError, from_africastalking

FORM = {
    "date": "2026-11-22T06:04:45Z",
    "from": "+22370000001",
    "to": "36789",
    "text": "PAYER 4821937028",
    "id": "a1b2c3",
    "linkId": "",
    "networkCode": "61001",
}
AT = datetime(2026, 11, 22, 6, 4, 45, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_what_is_documented_is_read() -> None:
    read = from_africastalking(FORM)
    assert read == Inbound(
        "africastalking", "a1b2c3", "+22370000001", "36789", "PAYER 4821937028", AT
    )


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2026-11-22 06:04:45", AT),
        ("2026-11-22T09:04:45+03:00", AT),
        ("", None),
        ("demain", None),
        ("2026-13-45 99:99:99", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_either_way_of_writing_an_instant_is_read(date: str, at: datetime | None) -> None:
    assert from_africastalking(FORM | {"date": date}).at == at


@pytest.mark.parametrize("missing", ["date", "to", "text", "linkId", "networkCode"])
def test_only_the_id_and_the_sender_must_be_there(missing: str) -> None:
    form = {name: value for name, value in FORM.items() if name != missing}
    assert from_africastalking(form).provider_id == "a1b2c3"


@pytest.mark.parametrize(
    "changed",
    [{"id": ""}, {"id": " "}, {"id": "x" * 129}, {"id": "\x00"}, {"from": ""},
     {"from": "x" * 33}, {"to": "x" * 33}],
)  # fmt: skip
def test_what_cannot_be_told_from_another_or_answered_is_no_message(
    changed: dict[str, str],
) -> None:
    with pytest.raises(NoMessageError):
        from_africastalking(FORM | changed)


def test_a_plus_that_arrived_as_a_space_is_a_plus() -> None:
    assert from_africastalking(FORM | {"from": " 22370000001"}).sender == "+22370000001"


def test_an_endless_text_is_cut_and_nul_is_a_space() -> None:
    read = from_africastalking(FORM | {"text": "\x00" + "x" * 5_000})
    assert read.text.startswith(" x")
    assert len(read.text) == 1_600


def test_a_clock_ahead_of_ours_says_only_that_the_message_has_come() -> None:
    read = from_africastalking(FORM)
    for ahead in (timedelta(), timedelta(hours=3), SECOND / 2):
        assert read.typed_by(AT - ahead + SECOND / 2) == AT - ahead + SECOND / 2
    assert read.typed_by(AT + timedelta(hours=1)) == AT + SECOND
    assert from_africastalking(FORM | {"date": ""}).typed_by(AT) == AT


@given(st.dictionaries(st.sampled_from(sorted(FORM)), st.text(max_size=200)))
def test_any_form_is_a_message_or_none(form: dict[str, str]) -> None:
    try:
        read = from_africastalking(form)
    except NoMessageError:
        return
    assert read.typed_by(AT) <= AT
    assert "\x00" not in read.provider_id + read.sender + read.to + read.text


def test_nothing_personal_is_printed() -> None:
    printed = repr(from_africastalking(FORM))
    for secret in ("70000001", "4821937028", "36789"):
        assert secret not in printed
