"""Fields that never leave the parser: secrets, and card data nobody in this project may hold.

Matched by name wherever they stand, in records as in the key/value lists of additional attributes. The last four digits
and the brand of a card stay: people recognise a payment by them, and they open nothing.
"""

from __future__ import annotations

import re

_WITHHELD = re.compile(
    r"""
      password | password_hash | .*_password | api_?key
    | (.*_)?token(_.*)?                      # rp_token, rp_token_created_at, gateway tokens
    | protect_code | subscriber_confirm_code # open a guest's order, confirm a subscription
    | cc_(?!(last4|type|types)$).*           # number, security code, expiry, owner, 3-D secure
    | echeck_.*
    | (payment_)?additional_(info|information|data)  # payment modules serialise whatever they like into these
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_withheld(name: object) -> bool:
    """Whether a field of this name is dropped."""
    return isinstance(name, str) and _WITHHELD.fullmatch(name) is not None


class _Remembered(dict[str, bool]):
    """The verdict per name, computed once: a page has a hundred thousand fields and a hundred names."""

    def __missing__(self, name: str) -> bool:
        self[name] = verdict = is_withheld(name)
        return verdict


withheld: dict[str, bool] = _Remembered()
