"""Gift messages, as some buyers add them to a cart; the order keeps the one of its cart."""

from __future__ import annotations

from include.demo_store.generate import oddities

_MESSAGES = (
    "Alles Liebe zum Geburtstag!\nDeine Tante Öde",
    "For R & D <3, from all of us",
    "Joyeux Noël à toute la famille",
)


def message(number: int) -> str | None:
    """The gift message of an order or a cart that was left behind; None for most."""
    return _MESSAGES[number % len(_MESSAGES)] if oddities.GIFT_MESSAGE.has(number) else None
