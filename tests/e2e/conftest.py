from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox.phone import Phone
from sandbox.world import World
from tests.e2e.handset import ARGUMENTS, NAMES, Watch, chromium


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One running world for all tests. Who pulls a plug puts it back."""
    with World(tmp_path_factory.mktemp("world") / "home") as world:
        yield world


@pytest.fixture
def phone(world: World) -> Phone:
    """A phone whose wallet pays at once."""
    return Phone(world.base_url, "+22370000001")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip(f"none of {', '.join(NAMES)} is on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def page(browser: Browser, world: World, watch: Watch) -> Iterator[Page]:
    """The page as it opens. However a test leaves it, it stayed at home and did not complain."""
    page = browser.new_page(locale="fr-ML")
    watch.over(page)
    page.goto(f"{world.base_url}/phone")
    yield page
    page.close()
    assert watch.trouble == []
    assert [url for url in watch.requests if not url.startswith(world.base_url)] == []
