"""Everything a use case needs, as one value; wiring fills it once a process."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol

from domain.catalogue import Catalogue
from domain.msisdn import Msisdn
from domain.texts import Texts
from domain.wallet import Wallet
from menus.render import Pages
from menus.screens import Dialogue
from payments.operators.base import HttpRequest, Operator, Outcome
from payments.pacing import Pace
from sms.failover import Providers
from ussd_app.aggregators.base import Identity
from ussd_app.aggregators.guard import Guard
from ussd_app.store.database import Database
from ussd_app.store.redis import Store
from ussd_app.usecases.edition import Edition

_PREFIX_DIGITS = 8  # +223 and four digits: ten thousand numbers


class Transport(Protocol):
    """The one way out to operators."""

    def __call__(self, request: HttpRequest, /) -> Outcome:
        """Send `request` and wait for what comes back."""
        ...


class Keys:
    """Keyed hashes that stand for what may not be written down: numbers, session ids."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(secret.encode()).digest()

    def subscriber(self, number: Msisdn) -> str:
        """Return the key of a subscriber (32 hex digits)."""
        return self.of("subscriber", number.e164)

    def prefix(self, number: Msisdn) -> str:
        """Return the key of the block of numbers a subscriber's belongs to."""
        return self.of("prefix", number.e164[:_PREFIX_DIGITS])

    def session(self, channel: str, session_id: str, number: Msisdn) -> str:
        """Return the key of a gateway's session (22 characters: live ones are many)."""
        digest = self._digest("session", channel, session_id, number.e164)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def of(self, *parts: str) -> str:
        """Return the key of `parts` (32 hex digits); the first says what they are."""
        return self._digest(*parts).hex()

    def _digest(self, *parts: str) -> bytes:
        message = "\0".join(parts).encode()
        return hashlib.blake2b(message, key=self._secret, digest_size=16).digest()


@dataclass(frozen=True)
class Channel:
    """One configured endpoint: the short codes and the septets its screens may take.

    The first of `codes` is the one citizens are told. A `secret` is the first part of its address,
    which only the gateway knows; `guard` is what it has to prove besides. `deadline`: the seconds
    after which it has given a turn up. `lang` is that of who has chosen none, `operator` the wallet
    offered first. Beyond `rate` turns a second, or `at_once` of one process at the same time,
    callers are asked to call again; 0 is no limit.
    """

    name: str
    codes: tuple[str, ...]
    budget: int
    dialect: str = "africastalking"
    identity: Identity = Identity.POSITION
    secret: str = field(default="", repr=False)
    guard: Guard = field(default_factory=Guard)
    deadline: float = 10.0
    lang: str = "fr"
    operator: str = ""
    rate: int = 0
    at_once: int = 0

    @property
    def code(self) -> str:
        """The short code citizens are told."""
        return self.codes[0]


@dataclass(frozen=True)
class Context:
    """The adapters and the settings of the use cases."""

    db: Database
    redis: Store
    keys: Keys
    edition: Edition
    channel: Channel  # the one spoken on; what is said of no session is said of the first
    channels: Mapping[str, Channel]
    operators: Mapping[str, Operator]
    sms: Providers
    transport: Transport
    pace: Pace
    resume_within: timedelta
    public_url: str
    treasury_post: str
    now: Callable[[], datetime]
    below: Callable[[int], int]
    new_id: Callable[[], str]
    checkpoint: Callable[[str], None]

    @property
    def catalogue(self) -> Catalogue:
        """What can be paid today."""
        return self.edition.catalogue

    @property
    def dialogue(self) -> Dialogue:
        """The screens."""
        return self.edition.dialogue

    @property
    def texts(self) -> Texts:
        """The words."""
        return self.edition.texts

    @cached_property
    def pages(self) -> Pages:
        """The screens as the channel shows them."""
        return Pages(self.dialogue, self.texts, self.channel.budget)

    def on(self, channel: Channel) -> "Context":
        """Return the same, as one channel speaks; its screens are written once."""
        if channel is self.channel:
            return self
        if channel.name not in self._others:
            self._others[channel.name] = replace(self, channel=channel)
        return self._others[channel.name]

    @property
    def elsewhere(self) -> str:
        """The name of the channel, empty for the first one, as sessions are kept with it."""
        name = self.channel.name
        return "" if name == next(iter(self.channels)) else name

    @cached_property
    def _others(self) -> "dict[str, Context]":
        return {}

    @property
    def wallets(self) -> tuple[Wallet, ...]:
        """The wallets offered, the default one first."""
        first = self.channel.operator
        codes = sorted(self.operators, key=lambda code: code != first)
        return tuple(self.operators[code].wallet for code in codes)
