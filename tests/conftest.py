from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import disable_socket, enable_socket

TESTS = Path(__file__).parent
# What is pure stays pure: these tests may not even open a unix socket.
SOCKETLESS = (TESTS / "unit", TESTS / "dialogues")

# The same examples on every machine, and no time limit: a slow machine is not a wrong program.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
# Chosen by --hypothesis-profile=long, for tests that take their number of examples from it.
settings.register_profile("long", settings.get_profile("steady"), max_examples=10_000)


@pytest.fixture(autouse=True)
def _sockets_off_for_rules(request: pytest.FixtureRequest) -> Iterator[None]:
    if not any(folder in request.path.parents for folder in SOCKETLESS):
        yield
        return
    disable_socket(allow_unix_socket=False)
    yield
    enable_socket()
