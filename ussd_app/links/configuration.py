"""A link as an operator's contract says it, in a TOML file; `docs/aggregators/smpp.md` explains it.

    host = "smsc.example"            window = 10             [ussd]
    port = 2775                      enquire_every = 30      codes = ["*789#"]
    system_id = "sarali"             tls = true              session = "its_session_info"
    password = "SARALI_SMPP_KEY"     sender = "SARALI"       aborts = [129]

The password is the name of a variable: a secret stands in no file. Without [ussd] the link carries
SMS only.
"""

import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from menus import render
from smpp.codec import encode
from smpp.pdu import Address, Bind, Command, Pdu, PduError
from smpp.terms import Terms
from smpp.ussd import CodeField, Rules, SessionRule
from ussd_app.aggregators.base import Identity
from ussd_app.links.port import Link
from ussd_app.links.wire import Where
from ussd_app.usecases.context import Channel

_Octet = Annotated[int, Meta(ge=0, le=255)]


class LinkError(ValueError):
    """The file cannot be used; `str()` names the key."""


class _Ussd(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    codes: Annotated[tuple[str, ...], Meta(min_length=1)]
    session: SessionRule = SessionRule.ITS_SESSION_INFO
    code: CodeField = CodeField.SHORT_MESSAGE
    begin: _Octet = 0x01
    answer: _Octet = 0x12
    ask: _Octet = 0x02
    end: _Octet = 0x11
    aborts: frozenset[_Octet] = frozenset({0x81})
    service_type: Annotated[str, Meta(max_length=5)] = "USSD"
    data_coding: Literal[0, 3, 15] = 0  # in two octets a letter, no screen of ours would fit
    budget: Annotated[int, Meta(ge=render.BUDGET_UNKNOWN, le=182)] = 182
    lang: str = "fr"
    operator: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    host: str
    port: Annotated[int, Meta(ge=1, le=65535)]
    system_id: Annotated[str, Meta(max_length=15)]
    password: str
    name: Annotated[str, Meta(pattern="^[a-z0-9-]{1,40}$")] = "smpp"
    system_type: Annotated[str, Meta(max_length=12)] = ""
    tls: bool = False
    authority: str = ""
    window: Annotated[int, Meta(ge=1, le=1000)] = 10
    answer_within: Annotated[float, Meta(ge=1, le=120)] = 10.0
    enquire_every: Annotated[float, Meta(ge=1, le=300)] = 30.0
    sender: Annotated[str, Meta(pattern="^[ -~]{1,20}$")] = "SARALI"
    sender_ton: _Octet = 5
    sender_npi: _Octet = 0
    threads: Annotated[int, Meta(ge=1, le=64)] = 8
    ussd: _Ussd | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A link, the channel of its USSD turns, and whom its SMS come from."""

    link: Link
    channel: Channel
    sender: Address


def read(path: Path, secrets: Mapping[str, str], code: str) -> Contract:
    """Read a link's file; `code` is the short code of a link without USSD.

    Raises:
        LinkError: it cannot be read, or a key is wrong or missing.
    """
    try:
        told = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except (OSError, ValueError) as error:
        raise LinkError(f"{path.name}: {error}") from None
    password = secrets.get(told.password, "")
    if not 0 < len(password) < 9:  # noqa: PLR2004 - what the field of a bind holds, its end apart
        raise LinkError(f"{path.name}: password: it names a variable SARALI_… of 1 to 8 characters")
    bind = Bind(told.system_id, password, told.system_type)
    try:
        encode(Pdu(Command.BIND_TRANSCEIVER, 1, bind))
    except PduError as error:
        raise LinkError(f"{path.name}: system_id, system_type: {error}") from None
    terms = Terms(
        bind,
        window=told.window,
        answer_within=told.answer_within,
        enquire_every=told.enquire_every,
    )
    where = Where(told.host, told.port, _tls(path, told))
    ussd = told.ussd
    rules = msgspec.convert(ussd, Rules, from_attributes=True) if ussd else None
    link = Link(where, terms, rules, told.threads)
    sender = Address(told.sender, told.sender_ton, told.sender_npi)
    return Contract(link, _channel(told, code), sender)


def _tls(path: Path, told: _File) -> ssl.SSLContext | None:
    if not told.tls:
        return None
    authority = str(path.parent / told.authority) if told.authority else None
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise LinkError(f"{path.name}: authority: {error.strerror}") from None


def _channel(told: _File, code: str) -> Channel:
    ussd = told.ussd or _Ussd((code,))
    return Channel(
        told.name,
        ussd.codes,
        ussd.budget,
        dialect="smpp",
        identity=Identity.COUNT,
        lang=ussd.lang,
        operator=ussd.operator,
    )
