"""An SMS that somebody wrote to us, whoever brought it.

Africa's Talking posts a form `date from to text id linkId networkCode`, and posts it again for
hours until it hears 200: the id is what tells one message from another. `date` is written
`2017-05-03T06:04:45Z` or `2017-05-03 06:04:45`, both in UTC.
Sources: the handler of nyaruka/courier and the data sets of a Laravel client (aggregators.md 2.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

ID_MAX = 128
NAME_MAX = 32  # of a sender or a short code, as it is written
TEXT_MAX = 1600  # ten segments: nobody types more
_SECOND = timedelta(seconds=1)


class NoMessageError(ValueError):
    """A request that brings no message; `str()` says why, without what was sent."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message. `sender` and `to` as the provider writes them: numbers, short codes or names.

    `at` is when the network had it: the provider's word, or None where it says nothing readable.
    """

    provider: str
    provider_id: str
    sender: str = field(repr=False)
    to: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime | None = None

    def typed_by(self, received_at: datetime) -> datetime:
        """Return the instant by which the message was typed, at the latest.

        A provider writes whole seconds, so the instant is in the one that follows; and one whose
        clock is ahead of ours, or in another zone, says no more than that the message has come.
        """
        return received_at if self.at is None else min(self.at, received_at - _SECOND) + _SECOND


def from_africastalking(form: Mapping[str, str]) -> Inbound:
    """Read what Africa's Talking posts.

    Raises:
        NoMessageError: it is no message.
    """
    provider_id, sender = form.get("id", "").strip(), form.get("from", "").strip()
    to, text = form.get("to", "").strip(), form.get("text", "")
    for name, value, most in (("id", provider_id, ID_MAX), ("from", sender, NAME_MAX)):
        if not 0 < len(value) <= most or "\x00" in value:
            raise NoMessageError(f"{name}: 1 to {most} characters")
    if len(to) > NAME_MAX or "\x00" in to:
        raise NoMessageError(f"to: at most {NAME_MAX} characters")
    # A `+` sent unescaped arrives as a space; NUL is how some gateways write `@`, or padding.
    number = f"+{sender}" if form["from"].startswith(" ") and sender.isdigit() else sender
    kept = text.replace("\x00", " ")[:TEXT_MAX]
    at = _instant(form.get("date", ""))
    return Inbound("africastalking", provider_id, number, to, kept, at)


def _instant(written: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(written.strip())
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
