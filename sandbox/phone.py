"""A feature phone: it dials, answers, and writes and reads SMS.

It reaches Sarali as Africa's Talking hands it over, one form for each turn.

`text` accumulates everything typed in the session, joined by `*`; the answer is text, `CON ...`
while the session goes on and `END ...` when it is over. Source: the provider's USSD documentation.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

import urllib3

NETWORK_CODE = "99999"  # the provider's own sandbox; it lists no network of Mali
SHORT_CODE = "36789"  # what people write to; any will do here
INBOX_POLL = 0.25  # seconds
TURN_TIMEOUT = 10.0  # seconds, as long as the provider waits


class PhoneError(Exception):
    """The network did not give the phone a screen to show."""


@dataclass(frozen=True)
class Screen:
    text: str
    over: bool

    def __contains__(self, words: str) -> bool:
        return words in self.text


@dataclass(frozen=True)
class Sms:
    sender: str
    text: str
    encoding: str
    segments: int

    def __contains__(self, words: str) -> bool:
        return words in self.text


class Phone:
    def __init__(self, base_url: str, number: str) -> None:
        """Make a phone for an E.164 number, such as +22370000001."""
        self.number = number
        self._base_url = base_url
        self._http = urllib3.PoolManager()
        self._code = ""
        self._typed: list[str] = []
        self._session = ""

    def dial(self, code: str) -> Screen:
        """Open a new session, as `*789#` or deeper; return its first screen. Raises PhoneError."""
        self._session = f"ATUid_{uuid.uuid4().hex}"
        self._code = code
        self._typed = []
        return self._turn()

    def answer(self, typed: str) -> Screen:
        """Type something in the open session and return the next screen. Raises PhoneError."""
        self._typed.append(typed)
        return self._turn()

    def repeat(self) -> Screen:
        """Send the last turn again, as a gateway that missed the answer. Raises PhoneError."""
        return self._turn()

    def write(self, text: str) -> None:
        """Send an SMS to Sarali. Raises PhoneError."""
        form = {
            "date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "from": self.number,
            "to": SHORT_CODE,
            "text": text,
            "id": uuid.uuid4().hex,
            "linkId": "",
            "networkCode": NETWORK_CODE,
        }
        self._request("POST", "/sms/africastalking/inbound", urlencode(form))

    def inbox(self) -> list[Sms]:
        """Return the messages delivered to this number so far, oldest first. Raises PhoneError."""
        answer = self._request("GET", "/sandbox/outbox?" + urlencode({"to": self.number}))
        return [
            Sms(each["from"], each["text"], each["encoding"], each["segments"])
            for each in answer.json()
        ]

    def wait_for_sms(self, words: str, seconds: float = 60.0) -> Sms:
        """Wait for a message with these words, at most so long. Raises PhoneError."""
        deadline = time.monotonic() + seconds
        while True:
            inbox = self.inbox()
            for sms in reversed(inbox):
                if words in sms:
                    return sms
            if time.monotonic() > deadline:
                texts = [sms.text for sms in inbox]
                raise PhoneError(
                    f"{self.number}: no SMS with {words!r} in {seconds} s, but {texts}"
                )
            time.sleep(INBOX_POLL)

    def _turn(self) -> Screen:
        form = {
            "sessionId": self._session,
            "phoneNumber": self.number,
            "networkCode": NETWORK_CODE,
            "serviceCode": self._code,
            "text": "*".join(self._typed),
        }
        answer = self._request("POST", "/ussd/africastalking", urlencode(form))
        kind, _, text = answer.data.decode().partition(" ")
        if kind not in {"CON", "END"}:
            raise PhoneError(f"{self.number}: neither CON nor END: {answer.data[:200]!r}")
        return Screen(text, over=kind == "END")

    def _request(self, method: str, path: str, form: str = "") -> urllib3.BaseHTTPResponse:
        try:
            answer = self._http.request(
                method,
                f"{self._base_url}{path}",
                body=form,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=TURN_TIMEOUT,
                retries=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise PhoneError(f"{self.number}: no answer ({error})") from error
        if answer.status != HTTPStatus.OK:
            raise PhoneError(f"{self.number}: HTTP {answer.status}, {answer.data[:200]!r}")
        return answer
