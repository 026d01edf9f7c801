"""The default alphabet as the specification prints it: sixteen columns (3GPP TS 23.038, 6.2.1)."""

from typing import Final

_ROWS: Final = (
    "@Δ 0¡P¿p",
    "£_!1AQaq",
    '$Φ"2BRbr',
    "¥Γ#3CScs",
    "èΛ¤4DTdt",
    "éΩ%5EUeu",
    "ùΠ&6FVfv",
    "ìΨ'7GWgw",
    "òΣ(8HXhx",
    "ÇΘ)9IYiy",
    "\nΞ*:JZjz",
    "Ø\x00+;KÄkä",
    "øÆ,<LÖlö",
    "\ræ-=MÑmñ",
    "Åß.>NÜnü",
    "åÉ/?O§oà",
)
_ESCAPED: Final = dict(
    zip(bytes.fromhex("0a1428292f3c3d3e4065"), "\f^{}\\[~]|€", strict=True),
)
_SEPTETS: Final = {
    character: bytes((column << 4 | row,))
    for row, characters in enumerate(_ROWS)
    for column, character in enumerate(characters)
    if character != "\x00"
} | {character: bytes((0x1B, code)) for code, character in _ESCAPED.items()}
_CHARACTERS: Final = {septets: character for character, septets in _SEPTETS.items()}


def write(text: str) -> tuple[int, bytes]:
    """Return the data_coding and the octets of a text."""
    if all(character in _SEPTETS for character in text):
        return 0, b"".join(_SEPTETS[character] for character in text)
    return 8, text.encode("utf-16-be")


def read(data_coding: int, octets: bytes) -> str:
    """Read what a text is written in.

    Raises:
        ValueError: it is not written in that.
    """
    if data_coding == 8:  # noqa: PLR2004 - UCS-2, by its number
        return octets.decode("utf-16-be")
    if data_coding not in {0, 15}:
        raise ValueError("no data_coding of this centre's")
    text, at = "", 0
    while at < len(octets):
        size = 2 if octets[at] == 0x1B else 1  # noqa: PLR2004 - the escape
        if octets[at : at + size] not in _CHARACTERS:
            raise ValueError("no septet")
        text += _CHARACTERS[octets[at : at + size]]
        at += size
    return text
