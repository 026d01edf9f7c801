"""A telephone on its way through the dialogue, which knows at any time on which screen it is."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from menus.engine import BACK
from menus.screens import HOME, Choosing, Confirm
from sandbox.phone import Phone, Screen
from tests.e2e.atlas import LANGUAGE_SCREENS, Atlas, Sight

CODE = "*789#"
_SHORT = CODE.removesuffix("#")


@dataclass
class Logbook:
    """What all travellers of one language have met."""

    screens: set[str] = field(default_factory=set)
    complaints: set[str] = field(default_factory=set)
    answers: list[Screen] = field(default_factory=list)

    def write(self, answer: Screen, sight: Sight) -> None:
        self.answers.append(answer)
        self.screens.add(sight.node)
        if sight.problem:
            self.complaints.add(sight.problem)


class Telephone(Phone):
    """One whose session the network may cut."""

    def cut(self) -> None:
        """Have the gateway say that the open session has ended badly. Raises PhoneError."""
        form = {"sessionId": self._session, "phoneNumber": self.number, "status": "Incomplete"}
        self._request("POST", "/ussd/africastalking/events", urlencode(form))


class Traveller:
    """Somebody who dials and answers over HTTP. Each answer must be a screen that may follow."""

    def __init__(self, atlas: Atlas, phone: Telephone, log: Logbook) -> None:
        self.atlas = atlas
        self.phone = phone
        self.at = ""
        self.turns = 0
        self._log = log
        self._behind: list[str] = []
        self._left: tuple[str, list[str]] = ("", [])
        self._shown = Screen("", over=True)

    @property
    def text(self) -> str:
        return self._shown.text

    @property
    def over(self) -> bool:
        return self._shown.over

    @property
    def keys(self) -> list[str]:
        """The keys that the screen offers; of the languages, the traveller's own."""
        if self.at in LANGUAGE_SCREENS:
            return [self.atlas.language_key()]
        return re.findall(r"^([0-9]{1,2}) ", self.text, re.MULTILINE)

    def dial(self, *typed: str) -> str:
        """Dial the code, or deeper; return the screen. Raises LostError, PhoneError."""
        if not self.over:
            self._left = (self.at, self._behind)
        self.turns = 0
        self._behind = []
        places = {HOME} if typed else self.atlas.greetings()
        for text in typed:
            (self.at,) = places
            places = self.atlas.ways(self.at, text)
            self._behind.append(self.at)
        return self._arrive(self.phone.dial("*".join([_SHORT, *typed]) + "#"), places)

    def type(self, text: str) -> str:
        """Answer; return the screen. Raises LostError, PhoneError."""
        left, behind = self._left
        before = self.at
        if (before, text) == ("greet.resume", "1"):
            node = self.atlas.dialogue[left]
            places = self.atlas.landing(node.again) if isinstance(node, Confirm) else {left}
            self._behind = behind
        else:
            places = self.atlas.ways(before, text, self._behind)
            self._behind = [*self._behind, *([before] if text != BACK else [])]
        return self._arrive(self.phone.answer(text), places)

    def choose(self, goto: str) -> str:
        """Type the key of the option that leads there; return the screen."""
        node = self.atlas.dialogue[self.at]
        options = node.options if isinstance(node, Choosing) else ()
        return self.type(next(option.key for option in options if option.goto == goto))

    def wrong(self, text: str) -> None:
        """Give a wrong answer, which leaves the traveller where it was, and says why."""
        at = self.at
        assert self.type(text) == at, (at, text, self.text)

    def _arrive(self, shown: Screen, places: set[str]) -> str:
        self.turns += 1
        sight = self.atlas.recognise(shown, places)
        self._log.write(shown, sight)
        if sight.node == HOME:
            self._behind = []
        elif self._behind[-1:] == [sight.node]:  # never left, or gone back to
            self._behind = self._behind[:-1]
        behind = bool(self._behind) and not shown.over
        assert self.atlas.leads_back(shown) == behind, (self._behind, shown)
        self._shown, self.at = shown, sight.node
        return sight.node
