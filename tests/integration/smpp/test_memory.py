"""What a link remembers between two messages, of which the protocol gives no id."""

import pytest

from ussd_app.store.links import Memory
from ussd_app.usecases.context import Context


@pytest.fixture
def memory(context: Context) -> Memory:
    return Memory(context.redis)


def test_a_session_is_begun_once_while_its_first_screen_is_not_taken(memory: Memory) -> None:
    assert memory.begin("key", "first", "a code") == "first"
    assert memory.begin("key", "second", "a code") == "first"
    memory.took("key", "first", 1, at=10.0)
    assert memory.begin("key", "third", "a code") == "third"


def test_another_code_under_a_name_used_again_is_another_session(memory: Memory) -> None:
    memory.begin("key", "first", "a code")
    assert memory.begin("key", "second", "another code") == "second"


def test_an_answer_that_came_before_its_screen_was_taken_is_the_last_one(memory: Memory) -> None:
    memory.begin("key", "first", "a code")
    assert memory.recall("key", 5.0) == ("first", 0)
    memory.took("key", "first", 1, at=10.0)
    assert memory.recall("key", 9.9) == ("first", 0)
    assert memory.recall("key", 10.1) == ("first", 1)
    assert memory.recall("another key", 10.1) is None


def test_screens_are_taken_in_order_and_of_one_session(memory: Memory) -> None:
    memory.begin("key", "first", "a code")
    memory.took("key", "first", 2, at=10.0)
    memory.took("key", "first", 1, at=11.0)
    memory.took("key", "second", 7, at=12.0)
    memory.took("another key", "first", 7, at=12.0)
    assert memory.recall("key", 20.0) == ("first", 2)


def test_a_text_is_whole_once_each_part_has_come(memory: Memory) -> None:
    assert memory.gather("key", 2, 3, b"b") == []
    assert memory.gather("key", 2, 3, b"b") == []
    assert not memory.scatter("key")
    assert memory.gather("key", 3, 3, b"\xff\x00") == []
    assert memory.gather("key", 1, 3, b"a") == [b"a", b"b", b"\xff\x00"]
    assert not memory.scatter("key")  # it is whole, and was not kept yet
    memory.keep("key")
    assert memory.gather("key", 1, 3, b"a") == [b"a", b"b", b"\xff\x00"]
    assert memory.scatter("key")
    assert memory.gather("key", 1, 3, b"z") == []


def test_a_text_keeps_its_id_and_its_instant_until_it_cannot_come_again(memory: Memory) -> None:
    assert memory.name("key", "first", 1.5) == ("first", 1.5)
    assert memory.name("key", "second", 2.5) == ("first", 1.5)
    memory.forget("key")
    assert memory.name("key", "third", 3.5) == ("third", 3.5)
