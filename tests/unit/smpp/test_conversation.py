"""One link: what is sent when, what is told, and what is never done twice."""

from smpp.codec import Frames, decode, encode
from smpp.conversation import Conversation
from smpp.pdu import Accepted, Bind, Body, Command, Pdu, Status
from smpp.terms import Answered, Bound, Delivered, Event, Left, Settled, Terms
from tests.unit.smpp.pdus import message

TEXT = message(b"Recu")


class Centre:
    """The other side, in the test's hand, and the time."""

    def __init__(self, **terms: float) -> None:
        self.now = 0.0
        self.conversation = Conversation(
            Terms(Bind("sarali", "secret"), **terms),  # type: ignore[arg-type]  # whole where whole
            lambda: 0.0,
        )
        self.conversation.begin(self.now)

    def bound(self) -> "Centre":
        (bind,) = self.heard()
        assert bind.command is Command.BIND_TRANSCEIVER
        assert self.answer(bind, Accepted("smsc")) == [Bound()]
        return self

    def heard(self) -> list[Pdu]:
        """What has come since."""
        return [decode(frame) for frame in Frames().feed(self.conversation.to_send())]

    def say(self, *told: Pdu) -> list[Event]:
        return self.conversation.take(b"".join(map(encode, told)), self.now)

    def answer(self, asked: Pdu, body: Body = None, status: int = 0) -> list[Event]:
        return self.say(Pdu(asked.command.response, asked.sequence, body, status))

    def wait(self, seconds: float) -> list[Event]:
        self.now += seconds
        return self.conversation.tick(self.now)

    def submit(self, *tickets: int) -> list[bool]:
        return [self.conversation.submit(ticket, TEXT, self.now) for ticket in tickets]

    def deliver(self, sequence: int, octets: bytes = b"1") -> list[Event]:
        return self.say(Pdu(Command.DELIVER_SM, sequence, message(octets)))


def test_nothing_is_sent_before_the_bind_is_accepted() -> None:
    centre = Centre()
    assert centre.submit(1) == [False]
    (bind,) = centre.heard()
    assert centre.answer(bind, Accepted("smsc")) == [Bound()]
    assert centre.submit(2) == [True]
    (sent,) = centre.heard()
    assert sent.body == TEXT
    assert centre.answer(sent, Accepted("id 1")) == [Answered(2, 0, "id 1")]


def test_a_refused_bind_ends_the_link() -> None:
    centre = Centre()
    (bind,) = centre.heard()
    (left,) = centre.answer(bind, status=0x0E)
    assert isinstance(left, Left)
    assert not centre.conversation.is_bound


def test_a_request_that_is_not_understood_is_refused_whatever_its_status_says() -> None:
    centre = Centre().bound()
    centre.submit(1)
    (sent,) = centre.heard()
    (answered,) = centre.say(Pdu(Command.GENERIC_NACK, sent.sequence))
    assert answered == Answered(1, Status.SYSTEM_ERROR)


def test_no_more_messages_wait_than_the_window_holds() -> None:
    centre = Centre(window=2, queue=2).bound()
    assert centre.submit(1, 2, 3, 4, 5) == [True, True, True, True, False]
    first, _ = centre.heard()
    centre.answer(first, Accepted("1"))
    (third,) = centre.heard()
    assert third.command is Command.SUBMIT_SM


def test_what_is_held_back_goes_again_later_and_in_order() -> None:
    centre = Centre(held_back=1.0, window=1).bound()
    centre.submit(1, 2)
    (sent,) = centre.heard()
    assert centre.answer(sent, status=Status.THROTTLED) == []
    centre.wait(0.9)
    assert centre.heard() == []
    centre.wait(0.2)
    (again,) = centre.heard()
    assert centre.answer(again, status=Status.QUEUE_FULL) == []
    centre.wait(1.9)
    assert centre.heard() == []
    centre.wait(0.2)
    (third,) = centre.heard()
    assert centre.answer(third, Accepted("1")) == [Answered(1, 0, "1")]
    assert len(centre.heard()) == 1


def test_patience_with_a_full_centre_has_an_end() -> None:
    centre = Centre(tries=2, held_back=1.0).bound()
    centre.submit(1)
    (sent,) = centre.heard()
    assert centre.answer(sent, status=Status.THROTTLED) == []
    centre.wait(1.1)
    (again,) = centre.heard()
    assert centre.answer(again, status=Status.THROTTLED) == [Answered(1, Status.THROTTLED)]


def test_a_message_without_an_answer_is_told_once_and_not_sent_again() -> None:
    centre = Centre(answer_within=5.0).bound()
    centre.submit(1)
    (sent,) = centre.heard()
    assert centre.wait(5.1) == [Answered(1, None)]
    assert centre.answer(sent, Accepted("late")) == []
    assert not [pdu for pdu in centre.heard() if pdu.command is Command.SUBMIT_SM]


def test_a_lost_link_tells_what_may_have_left_from_what_has_not() -> None:
    centre = Centre(window=1).bound()
    centre.submit(1, 2)
    centre.heard()
    events = centre.conversation.lose("reset")
    assert events == [Answered(1, None), Answered(2, None, left=False), Left("reset")]
    assert centre.conversation.lose("again") == []


def test_silence_is_asked_after_and_who_does_not_answer_is_gone() -> None:
    centre = Centre(enquire_every=30.0, answer_within=5.0).bound()
    centre.wait(29.0)
    assert centre.heard() == []
    centre.wait(1.1)
    (asked,) = centre.heard()
    assert asked.command is Command.ENQUIRE_LINK
    assert centre.answer(asked) == []
    centre.wait(30.1)
    assert len(centre.heard()) == 1
    (left,) = centre.wait(5.1)
    assert isinstance(left, Left)


def test_a_delivery_is_answered_when_its_owner_says_so() -> None:
    centre = Centre().bound()
    assert centre.deliver(9) == [Delivered(9, message(b"1"))]
    assert centre.heard() == []
    centre.conversation.answer(9, Status.OK, centre.now)
    (answer,) = centre.heard()
    assert (answer.command, answer.sequence) == (Command.DELIVER_SM_RESP, 9)


def test_a_delivery_that_comes_again_gets_the_same_answer_and_nobody_hears_of_it() -> None:
    centre = Centre().bound()
    centre.deliver(9)
    assert centre.deliver(9) == []
    centre.conversation.answer(9, Status.REJECTED, centre.now)
    assert len(centre.heard()) == 1
    assert centre.deliver(9) == []
    (answer,) = centre.heard()
    assert answer.status == Status.REJECTED
    assert centre.deliver(9, b"2") == [Delivered(9, message(b"2"))]


def test_a_delivery_that_we_asked_to_have_again_is_heard_again() -> None:
    centre = Centre().bound()
    centre.deliver(9)
    centre.conversation.answer(9, Status.COME_AGAIN, centre.now)
    assert centre.deliver(9) == [Delivered(9, message(b"1"))]


def test_an_answer_is_settled_once_the_centre_answers_a_later_question() -> None:
    centre = Centre().bound()
    centre.submit(1)
    (early,) = centre.heard()
    centre.deliver(9)
    centre.conversation.answer(9, Status.OK, centre.now, told=True)
    _, asked = centre.heard()
    assert asked.command is Command.ENQUIRE_LINK
    assert Settled(9) not in centre.answer(early, Accepted("1"))
    assert centre.answer(asked) == [Settled(9)]


def test_more_than_can_be_borne_is_held_back() -> None:
    centre = Centre(unanswered=2).bound()
    assert [len(centre.deliver(sequence)) for sequence in (1, 2, 3)] == [1, 1, 0]
    (answer,) = centre.heard()
    assert (answer.sequence, answer.status) == (3, Status.QUEUE_FULL)
    centre.conversation.answer(1, Status.OK, centre.now)
    assert len(centre.deliver(3)) == 1


def test_what_cannot_be_read_is_refused_and_the_link_goes_on() -> None:
    centre = Centre().bound()
    unknown = bytes.fromhex("00000010000000770000000000000005")
    assert centre.conversation.take(unknown, 0.0) == []
    (nack,) = centre.heard()
    assert (nack.command, nack.status, nack.sequence) == (Command.GENERIC_NACK, Status.COMMAND, 5)
    assert len(centre.deliver(6)) == 1


def test_a_length_no_pdu_has_ends_the_link() -> None:
    centre = Centre().bound()
    centre.submit(1)
    centre.heard()
    events = centre.conversation.take(b"\xff" * 16, 0.0)
    assert events[0] == Answered(1, None)
    assert isinstance(events[1], Left)


def test_a_centre_that_is_alive_or_leaves_is_answered() -> None:
    centre = Centre().bound()
    assert centre.say(Pdu(Command.ENQUIRE_LINK, 3)) == []
    (left,) = centre.say(Pdu(Command.UNBIND, 4))
    assert isinstance(left, Left)
    assert [(pdu.command, pdu.sequence) for pdu in centre.heard()] == [
        (Command.ENQUIRE_LINK_RESP, 3),
        (Command.UNBIND_RESP, 4),
    ]


def test_we_leave_with_a_goodbye() -> None:
    centre = Centre().bound()
    centre.conversation.leave(centre.now)
    assert centre.submit(1) == [False]
    (unbind,) = centre.heard()
    assert centre.answer(unbind) == [Left("unbound")]
