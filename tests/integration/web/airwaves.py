"""The simulated SMS centre in the test's time: the providers answer, texts arrive, reports ring."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from urllib.parse import urlsplit

from domain.exchange import Answer, HttpRequest, NoAnswer, Outcome
from domain.msisdn import Msisdn
from simulators.sms_centre import infobip as infobip_side
from simulators.sms_centre import orange as orange_side
from simulators.sms_centre.centre import INFOBIP, Centre
from simulators.sms_centre.server import create_app
from sms import infobip, notices, orange
from sms.failover import PRODUCTION, Providers
from sms.gateway import Gateway, HttpGateway
from sms.quiet import QuietHours
from tests.integration.web.citizen import Door
from tests.integration.web.till import Clock
from ussd_app.store import messages
from ussd_app.usecases import balance, drain

URL = "http://127.0.0.1:9"
HALF = {"infobip": 50, "orange": 50}
_ROUND_S = 5  # between two rounds of the sweeper


class _HangsUpError(Exception):
    """The caller has given up waiting."""


def _hang(_seconds: float) -> None:
    raise _HangsUpError


class Airwaves:
    """Two providers over one centre, and the numbers that receive."""

    def __init__(
        self,
        door: Door,
        clock: Clock,
        weights: dict[str, int] | None = None,
        night: QuietHours | None = None,
        price: str = "",
    ) -> None:
        ids = count(1)
        self.clock = clock
        self.door = door
        self.centre = Centre(clock=clock, mint=lambda: f"id-{next(ids)}")
        self.reported = True
        self.sent_at: dict[str, datetime] = {}
        self._app = create_app(self.centre, username="sandbox", api_key="sandbox", pause=_hang)
        self._app.testing = True
        shares = weights or HALF
        made: dict[str, Gateway | HttpGateway] = {
            "infobip": infobip.Infobip(
                infobip.Account(URL, "sandbox"),
                "SARALI",
                f"{URL}/sms/infobip/delivery",
                Decimal(price) if price else None,
            ),
            "orange": orange.Orange(
                orange.Account(URL, "sandbox", "sandbox", "+2230000"), "SARALI"
            ),
        }
        sms = Providers({code: made[code] for code in shares}, shares, PRODUCTION, night)
        dice = Random(5)  # noqa: S311  # the same in every run
        context = replace(
            door.context, now=clock, transport=self.transport, sms=sms, below=dice.randrange
        )
        door.give(context)

    def transport(self, request: HttpRequest, /) -> Outcome:
        """Answer as the centre does; who waits too long hears nothing."""
        path = urlsplit(request.url).path
        try:
            reply = self._app.test_client().open(
                path, method=request.method, headers=dict(request.headers), data=request.body
            )
        except _HangsUpError:
            return NoAnswer.LOST
        return Answer(reply.status_code, reply.get_data())

    def tell(self, number: str, template: str = "") -> str:
        """Queue the receipt of a number of its own, or another text; return its words."""
        words = f"Recu {len(self.sent_at)}"
        notice = notices.receipt(words, {})
        if template:
            notice = replace(notice, template=template)
        with self.door.context.db.begin() as tx:
            messages.queue(tx, notice, Msisdn(number), words, self.clock())
        self.sent_at[words] = self.clock()
        return words

    def receipts(self, count: int) -> None:
        """Let as many receipts be due, one a second."""
        for at in range(count):
            self.tell(f"+223760000{at % 50:02}")
            self.second()

    def seconds(self, count: int) -> None:
        """Let time pass."""
        for _ in range(count):
            self.second()

    def second(self) -> None:
        """Let a second pass: workers, the centre, and now and then the sweeper."""
        self.clock.advance(seconds=1)
        drain.drain(self.door.context, threads=1)
        for message in self.centre.advance():
            if self.reported:
                at_infobip = message.provider == INFOBIP
                side = infobip_side if at_infobip else orange_side
                told = json.dumps(side.report(message)).encode()
                door = f"/sms/{message.provider}/delivery"
                assert self.door.post(door, told, "application/json").status_code == 200
        if int(self.clock().timestamp()) % _ROUND_S == 0:
            balance.balance(self.door.context)

    def arrivals(self) -> dict[str, list[timedelta]]:
        """Return how long after it was due each text arrived, once for each time it did."""
        arrived: defaultdict[str, list[timedelta]] = defaultdict(list)
        for message in self.centre.outbox():
            words = str(message["text"])
            at = datetime.fromisoformat(str(message["at"]))
            arrived[words].append(at - self.sent_at[words])
        return arrived

    def weights(self) -> dict[str, int]:
        """Return the texts of a hundred each provider is given now."""
        with self.door.context.db.begin() as tx:
            rows = tx.exec_driver_sql("SELECT provider, weight FROM sms_weights ORDER BY 1")
            return {row.provider: row.weight for row in rows}
