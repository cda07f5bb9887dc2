"""Mailboxes that several addresses lead to: at Google neither dots count nor what follows a plus.

A shop keeps such addresses apart, and so does the warehouse. Advertising platforms do not: who said no under one of
them would be found again under another.
"""

from __future__ import annotations

_GOOGLE = frozenset({"gmail.com", "googlemail.com"})


def is_at_google(email: str) -> bool:
    """Whether several addresses may lead to its mailbox."""
    return email.rpartition("@")[2] in _GOOGLE


def mailbox_of(email: str) -> str:
    """The address by which all of a mailbox are the same; a normalised one of other providers as it is."""
    if not is_at_google(email):
        return email
    local, _, domain = email.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"
