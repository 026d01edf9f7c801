import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="rewrite the screens of tests/dialogues/goldens (then read the difference)",
    )


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    # The option is known only when this folder is named: pytest tests/dialogues --update-goldens
    return bool(request.config.getoption("--update-goldens", default=False))
