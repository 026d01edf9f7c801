"""The channels of a configuration file: who may speak to us, in which dialect, and how much.

    [channels.orange-ml]
    dialect = "orange"                        # one of `flask channels --dialects`
    codes = ["*789#"]                         # the first is the one citizens are told
    secret = "SARALI_ORANGE_PATH"             # ends the address: names a variable, as all secrets
    networks = ["192.0.2.0/24"]
    shared = { header = "X-Api-Key", secrets = ["SARALI_ORANGE_KEY"] }
    signature = { header = "X-Signature", timestamp = "X-Timestamp", keys = ["SARALI_ORANGE_HMAC"] }
    certificates = ["b0:15:…"]                # fingerprints, as the proxy writes them
    budget = 160                              # septets of a screen, 152 to 182
    deadline = 8                              # seconds it waits for an answer; else the dialect's
    lang = "fr"
    operator = "orange_mp"                    # the wallet offered first
    rate = 50                                 # turns a second, of all processes
    at_once = 20                              # turns of one process at the same time

A key that is not one of these is an error, and so is a channel in production that anybody who
learns its address could speak on.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import cast

from menus import render
from ussd_app.aggregators.base import Dialect
from ussd_app.aggregators.guard import Guard, Shared, Signature
from ussd_app.usecases.context import Channel
from ussd_app.usecases.correspond import CHANNEL as SMS

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_CODE = re.compile(r"[*#][0-9]{1,8}(?:\*[0-9]{1,8}){0,3}#")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
_SECRET_CHARACTERS_MIN = 16
_LIMIT_MAX = 100_000
_DEADLINE_MAX = 60  # seconds
_KEYS = frozenset(
    (
        *("dialect", "codes", "secret", "networks", "shared", "signature", "certificates"),
        *("budget", "deadline", "lang", "operator", "rate", "at_once"),
    )
)


class ChannelsError(ValueError):
    """The file cannot be used: names the channel, the key and the reason."""


@dataclass(frozen=True)
class Known:
    """What a file may name."""

    dialects: Mapping[str, Dialect]
    languages: Sequence[str]
    operators: Sequence[str]
    secrets: Mapping[str, str]
    sandbox: bool


def read(path: Path, known: Known) -> dict[str, Channel]:
    """Return the channels of a file, in its order.

    Raises:
        ChannelsError: it cannot be read, or used.
    """
    try:
        told = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ChannelsError(f"{path.name}: {error}") from None
    tables = told.pop("channels", None)
    if told or not isinstance(tables, dict) or not tables:
        raise ChannelsError(f"{path.name}: it has [channels.<name>] tables, and nothing else")
    return {name: _Table(name, table, known).channel() for name, table in tables.items()}


class _Table:
    """One channel as it is written."""

    def __init__(self, name: str, table: object, known: Known) -> None:
        self._name = name
        self._known = known
        if not _NAME.fullmatch(name):
            raise self._wrong("", "small letters, digits and hyphens make a name, at most 40")
        if name == SMS:
            raise self._wrong("", "that is the dialogue by SMS")
        if not isinstance(table, dict):
            raise self._wrong("", "it is a table")
        if surplus := sorted(table.keys() - _KEYS):
            raise self._wrong(surplus[0], "there is no such key")
        self._table = cast("dict[str, object]", table)

    def channel(self) -> Channel:
        dialect = self._of("dialect", self._known.dialects)
        spoken = self._known.dialects[dialect]
        guard = self._guard()
        secret = self._secret("secret", self._table["secret"]) if "secret" in self._table else ""
        if not (secret or guard.proves or self._known.sandbox):
            reason = "it needs a secret, shared, a signature or certificates: whoever learns the"
            raise self._wrong("secret", f"{reason} address could claim any number")
        return Channel(
            name=self._name,
            codes=self._texts("codes", _CODE),
            budget=self._whole("budget", render.BUDGET_UNKNOWN, render.BUDGET_UNKNOWN, 182),
            dialect=dialect,
            identity=spoken.identity,
            deadline=self._whole("deadline", 0, 1, _DEADLINE_MAX) or spoken.deadline,
            secret=secret,
            guard=guard,
            lang=self._of("lang", self._known.languages, "fr"),
            operator=self._of("operator", self._known.operators, ""),
            rate=self._whole("rate", 0, 1, _LIMIT_MAX),
            at_once=self._whole("at_once", 0, 1, _LIMIT_MAX),
        )

    def _guard(self) -> Guard:
        shared = self._part("shared", ("header", "secrets"))
        signature = self._part("signature", ("header", "timestamp", "keys"))
        return Guard(
            networks=self._networks(),
            shared=Shared(
                self._header("shared", shared["header"]),
                self._secrets("shared", shared["secrets"]),
            )
            if shared
            else None,
            signature=Signature(
                self._header("signature", signature["header"]),
                self._header("signature", signature["timestamp"]),
                self._secrets("signature", signature["keys"]),
            )
            if signature
            else None,
            certificates=self._texts("certificates") if "certificates" in self._table else (),
        )

    def _networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        written = self._texts("networks") if "networks" in self._table else ()
        try:
            return tuple(ip_network(network) for network in written)
        except ValueError as error:
            raise self._wrong("networks", str(error)) from None

    def _part(self, key: str, names: tuple[str, ...]) -> dict[str, object]:
        part = self._table.get(key)
        if part is None:
            return {}
        if not isinstance(part, dict) or set(part) != set(names):
            raise self._wrong(key, f"it has {', '.join(names)}")
        return part

    def _header(self, key: str, value: object) -> str:
        if not (isinstance(value, str) and _HEADER.fullmatch(value)):
            raise self._wrong(key, "that is no name of a header")
        return value.lower()

    def _secrets(self, key: str, names: object) -> tuple[bytes, ...]:
        if not (isinstance(names, list) and names):
            raise self._wrong(key, "a list of names of variables")
        return tuple(self._secret(key, name).encode() for name in names)

    def _secret(self, key: str, variable: object) -> str:
        """The file names a variable: a secret stands in no file."""
        value = self._known.secrets.get(variable, "") if isinstance(variable, str) else ""
        if len(value) < _SECRET_CHARACTERS_MIN:
            least = f"of {_SECRET_CHARACTERS_MIN} characters or more"
            raise self._wrong(key, f"it names a variable SARALI_… {least}")
        return value

    def _texts(self, key: str, shape: re.Pattern[str] | None = None) -> tuple[str, ...]:
        values = self._table.get(key)
        if not (isinstance(values, list) and values):
            raise self._wrong(key, "a list, not empty")
        for value in values:
            if not (isinstance(value, str) and value) or (shape and not shape.fullmatch(value)):
                raise self._wrong(key, f"{value!r} is none")
        return tuple(values)

    def _of(self, key: str, known: Sequence[str] | Mapping[str, object], default: str = "") -> str:
        value = self._table.get(key, default)
        if value in known or (value == default and key in {"lang", "operator"}):
            return cast("str", value)
        raise self._wrong(key, f"one of {' '.join(known)}")

    def _whole(self, key: str, default: int, least: int, most: int) -> int:
        value = self._table.get(key, default)
        right = isinstance(value, int) and not isinstance(value, bool)
        if key not in self._table or (right and least <= cast("int", value) <= most):
            return cast("int", value)
        raise self._wrong(key, f"a whole number from {least} to {most}")

    def _wrong(self, key: str, reason: str) -> ChannelsError:
        return ChannelsError(
            ": ".join(part for part in ("channels", self._name, key, reason) if part)
        )
