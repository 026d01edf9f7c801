"""What is remembered between calls: the language, a payment under way, the same request."""

from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.till import EXPIRED, Clock, attempts_of, learn, paid
from tests.integration.web.words import (
    LANGUAGE,
    SENT,
    UNDER_WAY,
    con,
    confirm,
    confirm_request,
    end,
    words,
)

REQUEST = "3*1*12*1998*1*3"  # three copies of birth certificate 12 of 1998, Commune I
REQUESTS_A_DAY = 20
CONFIRM = confirm_request("birth_copy")


def bills(door: Door) -> list[str]:
    """The bill numbers of all requests, in the order they were made."""
    with door.context.db.begin() as tx:
        found = tx.exec_driver_sql("SELECT bill_number FROM bills ORDER BY created_at").scalars()
        return [str(number) for number in found]


def test_the_language_is_asked_once_and_remembered(phone: Phone, other: Phone) -> None:
    assert phone.dial().startswith(LANGUAGE)
    phone.choose("Bamanankan")
    assert words("option.fine", "bm") in phone.screen
    assert words("option.fine", "bm") in phone.dial()
    assert other.dial().startswith(LANGUAGE)


def test_the_language_can_be_changed(door: Door, phone: Phone) -> None:
    phone.dial()
    phone.choose("Bamanankan")
    phone.type("4", "2")
    phone.choose("Francais")
    assert words("option.fine") in phone.screen
    number = door.fine()
    assert phone.show(number).startswith(confirm(number))


def test_what_is_dialled_in_one_string_is_shown_in_the_language_chosen(
    door: Door, phone: Phone
) -> None:
    number = door.fine()
    phone.dial()
    phone.choose("Bamanankan")
    assert phone.show(number).startswith(confirm(number, "bm"))
    assert phone.type("1").startswith(end("pay.sent", "bm", wallet_name="Orange Money"))
    (attempt,) = attempts_of(door.context, number)
    assert attempt.lang == "bm"


def test_the_language_survives_the_loss_of_redis(door: Door, phone: Phone) -> None:
    phone.dial()
    phone.choose("Bamanankan")
    door.context.redis.client.flushall()
    assert words("option.fine", "bm") in phone.dial()


def test_a_payment_under_way_greets_the_next_call(door: Door, phone: Phone, other: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    assert phone.dial().startswith(con("greet.under_way"))
    assert number not in phone.screen
    assert words("option.fine") in phone.type("1")
    assert not other.dial().startswith(con("greet.under_way"))
    paid(door.context, number)
    assert not phone.dial().startswith(con("greet.under_way"))


def test_a_payment_asked_of_another_greets_who_asked(
    door: Door, phone: Phone, other: Phone
) -> None:
    number = door.fine()
    phone.ask_another(number, other.number.removeprefix("+223"))
    assert phone.dial().startswith(con("greet.under_way"))
    assert other.dial().startswith(LANGUAGE)
    learn(door.context, number, EXPIRED)
    assert not phone.dial().startswith(con("greet.under_way"))


def test_the_same_request_within_a_day_is_the_same_bill(
    door: Door, clock: Clock, phone: Phone
) -> None:
    first = phone.dial(typed=REQUEST)
    assert first.startswith(CONFIRM)
    clock.advance(hours=23)
    assert phone.dial(typed=REQUEST).startswith(CONFIRM)
    assert len(bills(door)) == 1
    clock.advance(hours=1, seconds=1)
    phone.dial(typed=REQUEST)
    assert len(bills(door)) == 2


def test_another_request_or_another_subscriber_is_another_bill(
    door: Door, phone: Phone, other: Phone
) -> None:
    phone.dial(typed=REQUEST)
    other.dial(typed=REQUEST)
    for changed in ("3*2*12*1998*1*3", "3*1*13*1998*1*3", "3*1*12*1999*1*3", "3*1*12*1998*2*3"):
        phone.dial(typed=changed)
    assert len(set(bills(door))) == 6


def test_a_subscriber_makes_twenty_requests_a_day(
    door: Door, clock: Clock, phone: Phone, other: Phone
) -> None:
    for act in range(1, REQUESTS_A_DAY + 1):
        assert phone.dial(typed=f"3*1*{act}*1998*1*1").startswith(CONFIRM)
    assert phone.dial(typed="3*1*99*1998*1*1").startswith(end("too_many"))
    assert phone.dial(typed="3*1*1*1998*1*1").startswith(CONFIRM)
    assert other.dial(typed="3*1*99*1998*1*1").startswith(CONFIRM)
    assert len(bills(door)) == REQUESTS_A_DAY + 1
    clock.advance(hours=24, seconds=1)
    assert phone.dial(typed="3*1*99*1998*1*1").startswith(CONFIRM)


def test_a_request_costs_what_the_law_says_for_each_copy(door: Door, phone: Phone) -> None:
    assert "300 F CFA" in phone.dial(typed=REQUEST)
    phone.type("1")
    (number,) = bills(door)
    (attempt,) = attempts_of(door.context, number)
    assert attempt.francs == 300


def test_a_request_under_payment_is_not_paid_twice(door: Door, phone: Phone) -> None:
    phone.dial(typed=REQUEST)
    phone.type("1")
    assert phone.dial(typed=REQUEST).startswith(UNDER_WAY)
    assert rows(door.context, "attempts") == 1


def test_the_same_request_already_paid_is_told_before_it_is_paid_again(
    door: Door, clock: Clock, phone: Phone
) -> None:
    phone.dial(typed=REQUEST)
    phone.type("1")
    paid(door.context, bills(door)[0])
    clock.advance(minutes=1)
    assert phone.dial(typed=REQUEST).startswith(con("request.paid_before"))
    assert len(bills(door)) == 1
    assert phone.type("1").startswith(CONFIRM)
    assert phone.type("1").startswith(SENT)
    assert len(bills(door)) == 2
    assert len(attempts_of(door.context, bills(door)[1])) == 1


def test_the_request_of_one_is_a_bill_that_another_may_pay_without_seeing_it(
    door: Door, phone: Phone, other: Phone
) -> None:
    phone.dial(typed="2*1*19001011234567A")
    assert "19001011234567A" in phone.screen
    (number,) = bills(door)
    assert other.show(number).startswith(
        con("confirm.bill", heading=words("heading.request"), bill_number=number)
    )
    assert "19001011234567A" not in other.screen
    assert other.type("1").startswith(SENT)
