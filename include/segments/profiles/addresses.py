"""E-mail addresses: which can be written to, and what Google makes of its own.

Stricter than the standard on purpose: what shops collect besides addresses (`none@none`, `=cmd()@x.y`) must not reach a
platform, where one bad row can refuse a whole file.
"""

from __future__ import annotations

import re

from include.identity.mailboxes import mailbox_of
from include.segments.csv_cells import to_cell
from include.segments.profiles.recipient import Recipient

_ADDRESS = re.compile(
    r"[^\s@\"'(),:;<>\[\]\\=+@-][^\s@\"(),:;<>\[\]\\]*@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*"
)


def is_address(email: str) -> bool:
    """Whether an address can be one: its length, a domain with a dot, no blanks or quotes, no dot where none may be.

    An address that begins with = + or -, however written, is refused: a spreadsheet would run it, and with an
    apostrophe in front it would be somebody else's.
    """
    local, _, domain = email.rpartition("@")
    return (
        _ADDRESS.fullmatch(email) is not None
        and email.isprintable()
        and not to_cell(email)[1]
        and len(email.encode()) <= 254
        and len(local.encode()) <= 64
        and len(domain.encode()) <= 253
        and not (local.startswith(".") or local.endswith(".") or ".." in local)
    )


def email_of(recipient: Recipient) -> str:
    """The normalised address, empty where it cannot be one."""
    email = recipient.email_normalised or ""
    return email if is_address(email) else ""


def ascii_mailbox_of(recipient: Recipient) -> str:
    """The same, empty also where there is more than ASCII before the @."""
    email = email_of(recipient)
    return email if email.rpartition("@")[0].isascii() else ""


def without_blanks(email: str) -> str:
    """Lower case, no blanks anywhere: all that Google asked for until it told its own mailboxes apart."""
    return re.sub(r"\s", "", email).lower()


def as_google_mailbox(email: str) -> str:
    """The same; of Google's own domains also without dots and whatever follows a plus, which are one mailbox to it."""
    return mailbox_of(without_blanks(email))
