"""`flask smpp` as a process of its own: told by a file, bound over TLS, ended by SIGTERM."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.msisdn import Msisdn
from sandbox.environment import environment
from sandbox.ports import Ports
from sms.gateway import Sent
from tests.integration.conftest import NOBODY, Servers
from tests.integration.simulators.harness import ROOT, wait_for
from tests.integration.smpp.telephone import Centre, Handset, open_centre
from tests.integration.web.citizen import Door
from tests.integration.web.till import attempts_of
from tests.integration.web.words import words
from ussd_app.links.configuration import LinkError, read
from ussd_app.store.dispatch import SmppGateway

LINK = """
host = "localhost"
port = {port}
system_id = "sandbox"
password = "SARALI_SMPP_KEY"
{more}
[ussd]
codes = ["*789#"]
"""


@pytest.fixture
def told(servers: Servers) -> dict[str, str]:
    """The environment of a process of ours."""
    ports = Ports(web=8000, orange=NOBODY, sms=NOBODY)
    values = environment(os.environ, ports, servers.database_url, servers.redis_url)
    return {**values, "SARALI_SMPP_KEY": "sandbox"}


def start(told: dict[str, str], file: Path) -> subprocess.Popen[str]:
    flask = Path(sys.executable).with_name("flask")
    return subprocess.Popen(
        [flask, "--app", "wsgi", "smpp", file],
        cwd=ROOT,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def command(told: dict[str, str], file: Path, centre: Centre) -> Iterator[None]:
    """Run the command until the block ends; it ends well, and says no number."""
    process = start(told, file)
    try:
        wait_for(lambda: centre.bound() or process.poll() is not None)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=15)
    assert process.returncode == 0, said
    assert not centre.bound()
    assert "223760" not in said


def write(folder: Path, centre: Centre, more: str = "") -> Path:
    file = folder / "link.toml"
    file.write_text(LINK.format(port=centre.port, more=more), "utf-8")
    return file


def test_it_carries_a_session_and_a_text(door: Door, told: dict[str, str], tmp_path: Path) -> None:
    number = door.fine()
    with open_centre() as centre, command(told, write(tmp_path, centre), centre):
        handset = Handset(centre)
        assert handset.dial(f"*789*1*{number}#").startswith(words("heading.fine"))
        assert handset.type("1").startswith(words("pay.sent"))
        wait_for(lambda: door.context.redis.client.exists("smpp-held"))
        gateway = SmppGateway(door.context.redis, None)
        to = Msisdn.parse(f"+{handset.number}")
        assert isinstance(gateway.send(to, "Recu", "a sending"), Sent)
        assert centre.texts() == ["Recu"]
    assert len(attempts_of(door.context, number)) == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate with openssl")
def test_it_speaks_tls_with_the_centre_it_knows(
    told: dict[str, str], tmp_path: Path, door: Door
) -> None:
    pem, stranger = tmp_path / "centre.pem", tmp_path / "stranger.pem"
    for file in (pem, stranger):
        make_certificate(file)
    number = door.fine()
    with open_centre(SIM_SMSC_TLS=str(pem)) as centre:
        file = write(tmp_path, centre, 'tls = true\nauthority = "centre.pem"')
        with command(told, file, centre):
            screen = Handset(centre).dial(f"*789*1*{number}#")
            assert screen.startswith(words("heading.fine"))
        file = write(tmp_path, centre, 'tls = true\nauthority = "stranger.pem"')
        process = start(told, file)
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
        assert "smpp_no_connection" in line
        assert process.returncode == 0


def make_certificate(file: Path) -> None:
    key, certificate = file.with_suffix(".key"), file.with_suffix(".crt")
    wish = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = f"-addext subjectAltName=DNS:localhost -keyout {key} -out {certificate}"
    command = ["openssl", *wish.split(), *names.split()]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(key.read_text() + certificate.read_text())


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("port = 0", "port"),
        ('system_id = "longer than sixteen"', "system_id"),
        ('password = "SARALI_NOWHERE"', "password"),
        ("windows = 3", "windows"),
        ('tls = true\nauthority = "nowhere.pem"', "authority"),
        ('[ussd]\ncodes = ["*789#"]\nsession = "by name"', "session"),
        ('[ussd]\ncodes = ["*789#"]\nend = 300', "end"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_the_key(
    tmp_path: Path, change: str, named: str
) -> None:
    told = {
        "host": 'host = "localhost"',
        "port": "port = 2775",
        "system_id": 'system_id = "sarali"',
        "password": 'password = "SARALI_SMPP_KEY"',
    }
    told[change.partition(" ")[0]] = change
    file = tmp_path / "link.toml"
    file.write_text("\n".join(told.values()), "utf-8")
    with pytest.raises(LinkError, match=named):
        read(file, {"SARALI_SMPP_KEY": "sandbox"}, "*789#")
