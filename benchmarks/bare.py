"""The floor of a payment: as many transactions and HTTP calls as Sarali's, and nothing in between.

    granian ... benchmarks.bare:app                  takes turns, callbacks and delivery reports
    python -m benchmarks.bare <Work as JSON>         makes payments; prints how many a second,
                                                     how many in all, and the seconds of processor

The calls go to the same simulators in the same order; a transaction writes or reads one row.
Nobody waits for the citizen: what comes back later comes while other payments are made.
"""

import base64
import json
import os
import secrets
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http import HTTPStatus
from urllib.parse import urlencode

import psycopg
import urllib3
from flask import Flask, Response

THREADS = 4  # as many as a worker of ours has
TABLE = "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text)"
ELSEWHERE = 4  # writes: the turn that confirms, the key before the debit, callback, delivery report
_WRITE = "INSERT INTO bare (note) VALUES (%s) RETURNING id"
_READ = "SELECT note FROM bare WHERE id = %s"
_NOTE = "x" * 200
_API = "/omcoreapis/1.0.2/mp"
_mine = threading.local()


@dataclass(frozen=True)
class Work:
    """What a payment takes, as counted of ours, and for how long to make them (seconds)."""

    writes: int
    reads: int
    inquiries: int
    web: str  # the addresses of the bare web process...
    sms: str  # ...and of its SMS centre
    warm_up: float
    seconds: float

    @property
    def line(self) -> str:
        """The command line's only argument."""
        return json.dumps(asdict(self))


app = Flask("bare")


@app.post("/turn")
def turn() -> Response:
    """Answer a turn."""
    return Response("CON", content_type="text/plain; charset=utf-8")


@app.post("/confirm")
@app.post("/callback")
@app.post("/delivery")
def note() -> Response:
    """Take a turn that confirms, a callback or a delivery report: a row is written."""
    _write()
    return Response("END", content_type="text/plain; charset=utf-8")


class Payer:
    """Makes payments, one after the other."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._orange = os.environ["SARALI_ORANGE_MP_URL"]
        self._http = urllib3.PoolManager(maxsize=THREADS, retries=False)
        pair = base64.b64encode(b"sandbox:sandbox").decode()
        form = urlencode({"grant_type": "client_credentials"})
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._post(
            f"{self._orange}/token", form.encode(), typed | {"Authorization": f"Basic {pair}"}
        )
        bearer = f"Bearer {answer.json()['access_token']}"
        self._headers = {
            "Authorization": bearer,
            "X-AUTH-TOKEN": pair,
            "Content-Type": "application/json",
        }

    def pay(self) -> None:
        """Make one payment."""
        work = self._work
        self._post(f"{work.web}/turn")
        self._post(f"{work.web}/confirm")
        rest = iter(range(work.writes - ELSEWHERE))
        calls = (self._order, *[self._inquire] * work.inquiries, self._message)
        share = (work.writes - ELSEWHERE) // len(calls)
        for call in calls:
            for _ in zip(range(share), rest, strict=False):
                _write()
            call()
        for _ in rest:
            _write()
        for _ in range(work.reads):
            _execute(_READ, _mine.row)

    def _order(self) -> None:
        answer = self._post(f"{self._orange}{_API}/init", b"{}", self._headers)
        _mine.token = answer.json()["data"]["payToken"]
        _write()  # nobody asks for a debit that he could forget
        order = {
            "orderId": secrets.token_hex(16),
            "subscriberMsisdn": "70000000",
            "channelUserMsisdn": os.environ["SARALI_ORANGE_MP_CHANNEL_MSISDN"],
            "amount": "3000",
            "description": "0000000000",
            "notifUrl": f"{self._work.web}/callback",
            "pin": os.environ["SARALI_ORANGE_MP_CHANNEL_PIN"],
            "payToken": _mine.token,
        }
        self._post(f"{self._orange}{_API}/pay", json.dumps(order).encode(), self._headers)

    def _inquire(self) -> None:
        url = f"{self._orange}{_API}/paymentstatus/{_mine.token}"
        assert self._http.request("GET", url, headers=self._headers).status == HTTPStatus.OK

    def _message(self) -> None:
        form = {"username": "sandbox", "to": "+22370000000", "message": _NOTE[:140]}
        headers = {"apiKey": "sandbox", "Content-Type": "application/x-www-form-urlencoded"}
        self._post(f"{self._work.sms}/version1/messaging", urlencode(form).encode(), headers)

    def _post(
        self, url: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        answer = self._http.request("POST", url, body=body, headers=headers)
        good = answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}
        assert good, (url, answer.status, answer.data[:200])
        return answer


def main() -> None:
    work = Work(**json.loads(sys.argv[1]))
    payer = Payer(work)
    began = time.monotonic() + work.warm_up
    with ThreadPoolExecutor(THREADS) as pool:
        made = list(pool.map(lambda _: _pay_until(payer, began, work.seconds), range(THREADS)))
    counted, all_made = (sum(one) for one in zip(*made, strict=True))
    print(counted / work.seconds, all_made, time.process_time())


def _pay_until(payer: Payer, began: float, seconds: float) -> tuple[int, int]:
    counted = made = 0
    while (now := time.monotonic()) < began + seconds:
        payer.pay()
        made += 1
        counted += now >= began
    return counted, made


def _write() -> None:
    _mine.row = _execute(_WRITE, _NOTE)


def _execute(statement: str, value: object) -> object:
    """Run one statement, a transaction of its own, on this thread's connection."""
    if not hasattr(_mine, "connection"):
        url = os.environ["DATABASE_URL"].replace("+psycopg", "")
        _mine.connection = psycopg.connect(url, autocommit=True)
    row = _mine.connection.execute(statement, (value,)).fetchone()
    return row and row[0]


if __name__ == "__main__":
    main()
