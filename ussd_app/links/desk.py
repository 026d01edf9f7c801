"""What comes by a link, brought to the use cases: USSD turns, SMS, delivery receipts.

Neither a session's message nor an SMS has an id of its own in SMPP, and a link that is lost at the
wrong moment brings either again. So:

- A hop of a session is counted by the screens that the centre has taken: what came before it had
  taken the next one answers the last one again.
- An SMS keeps the id it was given until the centre is known to have read our answer: until then
  the same octets from the same number are the same SMS.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from domain.msisdn import Msisdn
from smpp import coding, segments
from smpp.delivery import Report
from smpp.pdu import PduError, ShortMessage, Status
from smpp.ussd import Heard, Kind
from sms import gateway
from sms.gateway import Verdict
from sms.inbound import TEXT_MAX, Inbound
from ussd_app import metrics
from ussd_app.aggregators.base import Hangup, How, Shown, Turn
from ussd_app.links.port import Screen
from ussd_app.store.links import Memory
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import dial, hang_up, take_delivery, take_inbound
from ussd_app.usecases.context import Channel, Context

PROVIDER = "smpp"
_TYPED_MAX = 182  # of one answer; a handset sends no more
_VERDICTS = {
    "DELIVRD": Verdict.DELIVERED,
    "EXPIRED": Verdict.FAILED,
    "DELETED": Verdict.FAILED,
    "UNDELIV": Verdict.FAILED,
    "REJECTD": Verdict.FAILED,
}


class Desk:
    """The handler of a link's messages. `newest` returns the context of the moment."""

    def __init__(self, newest: Callable[[], Context], channel: Channel) -> None:
        self._newest = newest
        self._channel = channel

    def now(self) -> float:
        """See `Handler.now`."""
        return self._newest().now().timestamp()

    def ussd(self, heard: Heard, at: float) -> Screen | None:
        """See `Handler.ussd`."""
        context = self._newest().on(self._channel)
        caller = _number(heard)
        if heard.kind is Kind.ABORT:
            self._hang_up(context, heard, caller, at)
            return None
        session_id = ""
        try:
            turn = self._turn(context, heard, caller, at)
        except Unreachable:
            shown, outcome = dial.unavailable(context), "unavailable"
        else:
            session_id = turn.session_id
            shown, outcome = _answer(context, turn)
        metrics.turns.labels(self._channel.name, outcome).inc()
        return Screen(shown.text, shown.ends, session_id, shown.step)

    def shown(self, heard: Heard, screen: Screen, at: float) -> None:
        """See `Handler.shown`."""
        context = self._newest().on(self._channel)
        key = self._session(context, heard, _number(heard))
        Memory(context.redis).took(key, screen.session, screen.step, at)

    def unseen(self, heard: Heard, screen: Screen) -> None:
        """See `Handler.unseen`."""
        context = self._newest().on(self._channel)
        hang_up.hang_up(context, Hangup(screen.session, _number(heard), How.CUT))

    def sms(self, message: ShortMessage, at: float) -> None:
        """See `Handler.sms`."""
        context = self._newest()
        memory, part, key = Memory(context.redis), segments.part_of(message), _key(context, message)
        parts = [part.octets]
        if part.total > 1:
            parts = memory.gather(key, part.position, part.total, part.octets)
            if not parts:
                return
        text = coding.decode(b"".join(parts), message.data_coding)
        words = text.replace("\x00", " ")[:TEXT_MAX]
        provider_id, first = memory.name(key, context.new_id(), at)
        sender, to, came = message.source.text, message.destination.text, _instant(first)
        take_inbound.take_inbound(context, Inbound(PROVIDER, provider_id, sender, to, words, came))
        if part.total > 1:
            memory.keep(key)

    def settled(self, message: ShortMessage) -> None:
        """See `Handler.settled`."""
        context = self._newest()
        memory, part, key = Memory(context.redis), segments.part_of(message), _key(context, message)
        if part.total == 1 or memory.scatter(key):
            memory.forget(key)

    def report(self, report: Report) -> None:
        """See `Handler.report`."""
        verdict = _VERDICTS.get(report.word, Verdict.UNDER_WAY)
        told = gateway.Report(report.message_id, report.word, verdict, report.error)
        take_delivery.take_delivery(self._newest(), PROVIDER, [told])

    def _turn(self, context: Context, heard: Heard, caller: Msisdn, at: float) -> Turn:
        memory, key = Memory(context.redis), self._session(context, heard, caller)
        if heard.kind is Kind.BEGIN:
            dialled = context.keys.of("smpp-dialled", heard.text)
            session_id = memory.begin(key, context.new_id(), dialled)
            return Turn(session_id, caller, heard.text, (), opens=True, hop="0")
        # Nothing kept: it answers a screen of which nothing is known, and is shown the first one.
        known = memory.recall(key, at)
        session_id, taken = known or (memory.begin(key, context.new_id(), ""), 0)
        return Turn(session_id, caller, "", (heard.text[:_TYPED_MAX],), hop=str(taken))

    def _hang_up(self, context: Context, heard: Heard, caller: Msisdn, at: float) -> None:
        kept = Memory(context.redis).recall(self._session(context, heard, caller), at)
        if kept is not None:
            hang_up.hang_up(context, Hangup(kept[0], caller, How.CUT))
        metrics.turns.labels(self._channel.name, f"session_{How.CUT}").inc()

    def _session(self, context: Context, heard: Heard, caller: Msisdn) -> str:
        return context.keys.session(self._channel.name, heard.session, caller)


def _answer(context: Context, turn: Turn) -> tuple[Shown, str]:
    try:
        return dial.answer(context, turn)
    except dial.UnknownCodeError:
        return dial.unknown_code(context), "unknown_code"


def _number(heard: Heard) -> Msisdn:
    text = heard.caller.text
    try:
        return Msisdn.parse(text if text.startswith("+") else f"+{text}")
    except ValueError:
        raise PduError("a caller without a number", Status.REJECTED) from None


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _key(context: Context, message: ShortMessage) -> str:
    """What tells a text from others: its number where it has parts, else its octets."""
    part = segments.part_of(message)
    what = f"{part.number}/{part.total}"
    if part.total == 1:
        octets = repr((message.data_coding, message.octets, message.tlvs)).encode()
        what = hashlib.blake2b(octets, digest_size=16).hexdigest()
    return context.keys.of("smpp", message.source.text, message.destination.text, what)
