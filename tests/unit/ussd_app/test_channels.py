"""The file of channels: what it says is what stands, and what it cannot say is refused by name."""

from pathlib import Path

import pytest

from ussd_app.channels import ChannelsError, Known, read
from ussd_app.dialects import DIALECTS

KEY = "a-secret-of-the-gateway"
KNOWN = Known(DIALECTS, ("fr", "bm"), ("orange_mp", "moov"), {"SARALI_X_PATH": KEY}, sandbox=False)
PATH = 'secret = "SARALI_X_PATH"\n'
LEAST = '[channels.x]\ndialect = "africastalking"\ncodes = ["*789#"]\n'
WHOLE = (
    LEAST
    + PATH
    + """
networks = ["192.0.2.0/24", "2001:db8::/32"]
shared = { header = "X-Api-Key", secrets = ["SARALI_X_PATH"] }
signature = { header = "X-Signature", timestamp = "X-Timestamp", keys = ["SARALI_X_PATH"] }
certificates = ["b0:15"]
budget = 160
lang = "bm"
operator = "moov"
rate = 50
deadline = 8
at_once = 20
"""
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "channels.toml"


def test_a_channel_is_what_its_table_says(written: Path) -> None:
    written.write_text(WHOLE)
    channel = read(written, KNOWN)["x"]
    assert (channel.code, channel.budget, channel.lang) == ("*789#", 160, "bm")
    assert (channel.operator, channel.rate, channel.at_once) == ("moov", 50, 20)
    assert channel.deadline == 8
    assert channel.secret == KEY
    assert channel.guard.proves
    assert KEY not in repr(channel)


def test_what_is_not_said_has_a_safe_default(written: Path) -> None:
    written.write_text(LEAST + PATH)
    channel = read(written, KNOWN)["x"]
    assert (channel.budget, channel.lang, channel.rate, channel.at_once) == (152, "fr", 0, 0)
    assert channel.deadline == DIALECTS["africastalking"].deadline


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "[channels.<name>]"),
        ("[channels]\n", "[channels.<name>]"),
        ("[channels.x\n", "channels.toml"),
        ("x = 1\n" + LEAST + PATH, "nothing else"),
        ('[channels."X y"]\n', "small letters"),
        ("[channels]\nx = 1\n", "table"),
        (LEAST.replace("channels.x", "channels.sms") + PATH, "dialogue by SMS"),
        ("[channels.x]\n" + PATH, "dialect"),
        ('[channels.x]\ndialect = "morse"\n' + PATH, "dialect: one of"),
        ('[channels.x]\ndialect = "africastalking"\n' + PATH, "codes"),
        (LEAST.replace("*789#", "789") + PATH, "codes: '789'"),
        (LEAST.replace("*789#", "***#") + PATH, "codes: '***#'"),
        (LEAST.replace('["*789#"]', "[]") + PATH, "codes"),
        (LEAST + 'certificates = [""]\n', "certificates: ''"),
        (LEAST, "could claim any number"),
        (LEAST + 'networks = ["192.0.2.0/24"]\n', "could claim any number"),
        (LEAST + 'secret = "SARALI_OTHER"\n', "SARALI_"),
        (LEAST + "secret = 7\n", "SARALI_"),
        (LEAST + PATH + 'networks = ["192.0.2.1/24"]\n', "networks"),
        (LEAST + PATH + "networks = []\n", "networks"),
        (LEAST + PATH + 'shared = { header = "A" }\n', "shared: it has header, secrets"),
        (LEAST + PATH + 'shared = { header = "A b", secrets = ["SARALI_X_PATH"] }\n', "header"),
        (LEAST + PATH + 'shared = { header = "A", secrets = [] }\n', "names of variables"),
        (LEAST + PATH + "signature = 1\n", "signature: it has header, timestamp, keys"),
        (LEAST + PATH + "budget = 151\n", "budget: a whole number from 152 to 182"),
        (LEAST + PATH + "budget = true\n", "budget"),
        (LEAST + PATH + 'lang = "fr_FR"\n', "lang: one of fr bm"),
        (LEAST + PATH + 'operator = "wave"\n', "operator: one of orange_mp moov"),
        (LEAST + PATH + "rate = 0\n", "rate"),
        (LEAST + PATH + "deadline = 0\n", "deadline: a whole number from 1 to 60"),
        (LEAST + PATH + "at_once = -1\n", "at_once"),
        (LEAST + PATH + "speed = 1\n", "speed: there is no such key"),
    ],
)
def test_what_cannot_be_used_is_named(written: Path, text: str, says: str) -> None:
    written.write_text(text)
    with pytest.raises(ChannelsError) as refusal:
        read(written, KNOWN)
    assert says in str(refusal.value)
    assert KEY not in str(refusal.value)


def test_a_file_that_is_not_there_is_named(written: Path) -> None:
    with pytest.raises(ChannelsError, match=r"channels\.toml"):
        read(written, KNOWN)
