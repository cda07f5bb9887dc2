"""Normal forms to compare people by; what the store holds is never changed."""

from __future__ import annotations

import unicodedata


def normalise_email(email: str) -> str | None:
    """Trimmed, NFC, lower case; None when nothing is left.

    No provider rules (dots, plus tags): two addresses that a shop keeps apart stay apart.
    """
    return unicodedata.normalize("NFC", email).strip().lower() or None


def normalise_name(*parts: str | None) -> str | None:
    """Name parts joined by single blanks, trimmed, NFC, case-folded; None when nothing is left."""
    words = " ".join(part for part in parts if part).split()
    folded = unicodedata.normalize("NFC", " ".join(words)).casefold()
    return unicodedata.normalize("NFC", folded) or None  # folding takes some letters apart
