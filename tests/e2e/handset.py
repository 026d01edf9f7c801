"""The phone of the page `/phone`, in the hands of a test; and what must never happen there."""

import re
import shutil
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, Request, expect

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SMS_WITHIN = 30_000  # milliseconds: the sandbox settles a good payment in a few seconds


def chromium() -> str | None:
    """The path of the system's own Chromium: none is downloaded."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Watch:
    """What a page asked for, and what it complained of."""

    requests: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Watch this page from now on."""
        page.on("request", self._asked)
        page.on("requestfailed", lambda request: self.trouble.append(f"failed: {request.url}"))
        page.on("console", lambda said: self.trouble.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)


class Handset:
    """Keys, screen, SIM and wire, found as a person finds them: by their names."""

    def __init__(self, page: Page, number: str) -> None:
        """Put a SIM with this national number in."""
        self.page = page
        self.entry = page.locator("#entry")
        self.screen = page.locator("#text")
        self.badge = page.locator("#badge")
        self.wire = page.locator("#wire > li")
        page.get_by_label("Autre numéro, 8 chiffres").fill(number)

    def key(self, name: str) -> Locator:
        return self.page.locator(f'[data-key="{name}"]')

    def click(self, *names: str) -> None:
        for name in names:
            self.key(name).click()

    def dial(self, code: str) -> None:
        """Dial by clicking the keys, as a thumb does."""
        self.click(*code, "call")

    def answers(self, text: str) -> None:
        """Answer by clicking the keys."""
        self.click(*text, "left")

    def types(self, text: str) -> None:
        """Type on the computer's keyboard, wherever the focus is, and send."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def shows(self, *words: str) -> None:
        for each in words:
            expect(self.screen).to_contain_text(each)

    def does_not_show(self, words: str) -> None:
        expect(self.screen).not_to_contain_text(words)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def new_fine(self) -> str:
        """Ask for a fine, which dials itself; return its number."""
        self.button("Nouvelle amende").click()
        expect(self.entry).to_have_value(re.compile(r"^\*789\*1\*\d{10}#$"))
        return self.entry.input_value()[7:17]

    def opens_its_newest_message(self) -> None:
        """Wait for an unread one, then read it with the keys under the screen."""
        expect(self.badge).to_have_accessible_name("1 message non lu", timeout=SMS_WITHIN)
        self.click("hang", "left", "left")

    def delay(self, choice: str) -> None:
        self.page.get_by_role("radio", name=choice, exact=True).check(force=True)

    def exchange(self, at: int) -> tuple[str, str]:
        """The form and the answer of an exchange, as they are on the wire; 0 is the newest."""
        request, answer = self.wire.nth(at).locator("pre").all()
        return request.text_content() or "", answer.text_content() or ""
