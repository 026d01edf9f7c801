"""Requests that look like a gateway's and are not: its samples, spoilt piece by piece."""

import re
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from homologation import sample as samples
from homologation.gateways.base import Call
from ussd_app.dialects import DIALECTS

BODY_MAX = 4096  # what the door takes
TYPES = (
    "application/x-www-form-urlencoded",
    "application/json",
    "text/xml",
    "application/xml; charset=utf-16",
    "text/plain",
    "",
)
BITE = (
    *(b"", b"*", b"#", b"*#", b"*" * 60, b"1*" * 500, b"%", b"%00", b"%FF", b"\x00", b"\xff\xfe"),
    *(b"null", b"true", b"-1", b"0", b"1e400", b"NaN", b"9" * 400, b"\\ud800", b"[]", b"{}"),
    *(b"[" * 1500, b'{"a":' * 500, b"<a>" * 700, b"<!DOCTYPE x>", b"<!ENTITY x 'y'>", b"&x;"),
    *(b"&#1;", b"&#60;", b"]]>", b"<?xml version='1.0' encoding='utf-7'?>", b"\r\n", b"\r\nX: y"),
    *(b'"', b"'", b"<", b">", b"&", b"=", b"&a=b&a=c", b"+", b" ", "é".encode(), "ɔ".encode()),
    *(b"x" * 1100, b"+223", b"+22376000001", b"00223", b"99999", b"timeout", b"aborted"),
)
BILLION = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
HOSTILE = (
    *(b"", b"\x00", b"[" * BODY_MAX, b'{"a":' * 800, b"<a>" * 1300, b"9" * BODY_MAX, b"*" * 4000),
    *(f"<!DOCTYPE a [<!ENTITY a0 'x'>{BILLION}]><a>&a9;</a>".encode(),),
    *(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",),
    *(b"&".join(b"f%d=1" % n for n in range(400)), b"a=" * 2000, b"&" * BODY_MAX),
    *("<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"), b"\xef\xbb\xbf<a/>", b"\xff"),
)
_TOKEN = re.compile(rb"[A-Za-z0-9%+*#._:-]+")
_LATIN = 0xFF
_BODY, _QUERY = 130, 195  # of 256: how often a piece is in the body, or in the query


def foreign(dialect: str) -> st.SearchStrategy[Call]:
    """Anything at all, where the dialect listens and where its fields stand."""
    known = [sample.call for sample in samples.read(dialect)]
    queries = sorted({name for call in known for name in call.query})
    headers = sorted({name for call in known for name in call.headers})
    return st.builds(
        lambda method, path, kind, told, body: Call(
            method,
            path,
            dict(zip(queries, told, strict=False)),
            dict(zip(headers, map(_printable, reversed(told)), strict=False))
            | {"content-type": kind},
            body,
        ),
        st.sampled_from(sorted(DIALECTS[dialect].methods)),
        st.sampled_from(sorted({call.path for call in known} | {"/x"})),
        st.sampled_from(TYPES),
        st.lists(st.text(max_size=20), max_size=8),
        st.binary(max_size=300) | st.sampled_from(BITE),
    )


def spoilt(dialect: str) -> st.SearchStrategy[Call]:
    """A sample of the dialect with one or several pieces exchanged."""
    good = st.sampled_from([sample.call for sample in samples.read(dialect)])
    return st.builds(_spoil, good, st.lists(st.binary(min_size=4, max_size=16), max_size=3))


def _spoil(call: Call, tapes: list[bytes]) -> Call:
    """Each tape says where, which word or place there, and what instead."""
    for tape in tapes:
        place, bite = tape[1] << 1 | tape[0] >> 7, tape[4:]
        if tape[3] < len(BITE) * 3:
            bite = BITE[tape[3] % len(BITE)]
        if tape[2] < _BODY:
            body = _bitten(call.body, place, bite, word=bool(tape[0] & 1))
            call = replace(call, body=body[:BODY_MAX])
        elif tape[2] < _QUERY:
            call = replace(call, query=_exchanged(call.query, place, bite.decode("latin-1")))
        else:
            told = _printable(bite.decode("latin-1"))
            call = replace(call, headers=_exchanged(call.headers, place, told))
    return call


def _printable(text: str) -> str:
    """What may stand in a header."""
    return "".join(each for each in text if each.isprintable() and ord(each) <= _LATIN)


def _bitten(body: bytes, place: int, bite: bytes, *, word: bool) -> bytes:
    words = list(_TOKEN.finditer(body))
    if word and words:
        found = words[place % len(words)]
        return body[: found.start()] + bite + body[found.end() :]
    begin = place * 7 % (len(body) + 1)
    return body[:begin] + bite + body[begin + place % 5 :]


def _exchanged(fields: Mapping[str, str], place: int, value: str) -> dict[str, str]:
    if not fields:
        return {}
    name = sorted(fields)[place % len(fields)]
    rest = {other: told for other, told in fields.items() if other != name}
    return rest if place % 3 == 0 else {**rest, name: value}
