"""Ringing at the doors of several operators, and what became of it."""

from sqlalchemy import text

from tests.integration.web.bazaar import confirm_with
from tests.integration.web.bells import Bell
from tests.integration.web.citizen import Door, Phone, everything
from tests.integration.web.reports import newest
from tests.integration.web.till import attempts_of

PASSWORD = "135790"


def opened(door: Door, phone: Phone, bell: Bell) -> str:
    """Open a payment with the wallet of a bell, asleep until tomorrow; return the attempt."""
    number = door.fine()
    confirm_with(phone, number, bell.wallet_name)
    if bell.wallet_name == "Orange OTP":
        phone.type(PASSWORD)
    assert len(attempts_of(door.context, number)) == 1
    sleep(door)
    return newest(door.context, number)


def sleep(door: Door) -> None:
    """Let nothing be due before tomorrow."""
    with door.context.db.begin() as tx:
        tx.execute(text("UPDATE outbox SET due_at = now() + interval '1 day', lease_until = NULL"))


def awake(door: Door) -> set[str]:
    """The attempts that somebody rang for."""
    with door.context.db.begin() as tx:
        found = tx.execute(text("SELECT ref FROM outbox WHERE due_at <= now() + interval '1 hour'"))
        return set(found.scalars())


def ring(door: Door, bell: Bell, body: bytes, path: str = "", secret: str = "") -> int:
    """Ring, signed; return the status of the answer."""
    headers = bell.sign(body, door.context.now(), secret)
    return door.request("POST", path or bell.path, headers, body=body).status_code


def ringing(door: Door, bell: Bell, body: bytes) -> str:
    """Ring; return the answer as a word, to be collected with others."""
    return str(ring(door, bell, body))


def kept(door: Door) -> list[bytes]:
    """Every body that was kept."""
    with door.context.db.begin() as tx:
        return [bytes(one) for one in tx.execute(text("SELECT body FROM callbacks")).scalars()]


def changed(door: Door, before: dict[str, list[str]]) -> set[str]:
    """The tables that are not what they were."""
    after = everything(door.context)
    return {name for name in after if after[name] != before[name]}
