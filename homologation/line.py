"""A subscriber on the line of a gateway: what is dialled and typed, what is shown, what goes wrong.

Whoever has a line says how a call is sent: over HTTP, or straight to the application.
"""

from collections.abc import Callable
from dataclasses import replace

from homologation.gateways.base import Call, Gateway, How, Reply, Screen, Session

Send = Callable[[Call], Reply]


class Line:
    """One subscriber's telephone, in one session after the other.

    `screen` is what it shows, `reply` what the gateway was last answered, `calls` all that the
    session has sent, oldest first. `think` is called before each key: what a person needs for it.
    """

    def __init__(
        self,
        gateway: Gateway,
        send: Send,
        number: str,
        code: str = "*789#",
        think: Callable[[], None] = lambda: None,
    ) -> None:
        self.number = number
        self.session = Session(number, "", code, code)
        self.calls: list[Call] = []
        self.screen = Screen("", ends=False)
        self.reply = Reply(0, {}, b"")
        self._gateway = gateway
        self._send = send
        self._think = think

    def dial(self, session_id: str, dialled: str = "") -> Screen:
        """Begin a session with the short code, or what is `dialled`.

        Raises:
            UnreadableError: what came back could be shown to nobody; so do all that follow.
        """
        code = self.session.code
        self.session = Session(self.number, session_id, code, dialled or code)
        self.calls = [self._gateway.open(self.session)]
        return self.again()

    def type(self, *answers: str) -> Screen:
        """Type one answer after the other; return the last screen."""
        for answer in answers:
            self.press(answer)
            self.again()
        return self.screen

    def press(self, answer: str) -> Call:
        """Type an answer and return its request, which is not sent: `again` does."""
        self._think()
        self.session.typed.append(answer)
        self.calls.append(self._gateway.answer(self.session))
        return self.calls[-1]

    def again(self) -> Screen:
        """Send the last request once more, as a gateway does that heard no answer."""
        return self._read(self.calls[-1])

    def late(self, place: int = 0) -> Screen:
        """Send an older request of the session once more: its first, or that at `place`."""
        return self._read(self.calls[place])

    def hang_up(self, how: How = How.CUT) -> Reply | None:
        """Tell that the session is over; None where the gateway tells nothing of `how`."""
        call = self._gateway.hang_up(self.session, how)
        return None if call is None else self._send(call)

    def lend(self, number: str) -> "Line":
        """Return another subscriber's line in a session of the same id, where this one stands."""
        other = Line(self._gateway, self._send, number, self.session.code, self._think)
        other.session = replace(self.session, number=number, typed=list(self.session.typed))
        return other

    def _read(self, call: Call) -> Screen:
        self.reply = self._send(call)
        self.screen = self._gateway.read(self.session, self.reply)
        return self.screen
