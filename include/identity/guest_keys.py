"""Keys of people who never registered: a keyed hash of website and e-mail, the same after every rebuild.

A keyed hash, not a plain one: whoever sees a key in a file or a log cannot test it against a list of addresses. The
secret must stay the same for the life of a warehouse; its fingerprint is kept there and another secret is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from include.errors import ConfigError
from include.identity.mailboxes import is_at_google, mailbox_of
from include.settings import Settings

PURPOSE = "guest_keys"
KEY_FILE = "identity.key"
HASH_LENGTH = 24
"""Hex digits kept: 96 bits, no two guests meet."""


@dataclass(frozen=True, slots=True)
class GuestKeys:
    """Makes guest keys with one secret."""

    secret: bytes

    def __repr__(self) -> str:
        return "GuestKeys(secret=***)"

    def key(self, channel_code: str, *, website_id: str | None, email: str, name: str | None) -> str:
        """`<channel>:guest:<hash>` of website, normalised e-mail and, for shared addresses, normalised name."""
        parts = "\x1f".join((channel_code, website_id or "", email, name or ""))
        return f"{channel_code}:guest:{self._digest(parts)[:HASH_LENGTH]}"

    def number(self, channel_code: str, *, store_id: str | None, email: str) -> int:
        """A number below zero, of 60 bits, of store view and normalised e-mail."""
        parts = "\x1f".join(("entry", channel_code, store_id or "", email))
        return -1 - int(self._digest(parts)[:15], 16)

    def email_hash(self, email: str) -> str:
        """Hash of a normalised e-mail, by which an erased person is known again."""
        return self._digest(f"e-mail\x1f{email}")

    def mailbox_hash(self, email: str) -> str | None:
        """Hash of the mailbox of a normalised e-mail; None where no other address leads to it."""
        return self._digest(f"mailbox\x1f{mailbox_of(email)}") if is_at_google(email) else None

    def fingerprint(self) -> str:
        """Tells two secrets apart without telling either."""
        return self._digest("fingerprint")

    def _digest(self, message: str) -> str:
        return hmac.new(self.secret, message.encode(), hashlib.sha256).hexdigest()


def guest_keys(settings: Settings) -> GuestKeys:
    """The installation's secret: `CRM_IDENTITY_KEY`, else a private file made once below the data folder.

    Raises:
        ConfigError: the file is empty.
    """
    if settings.identity_key:
        return GuestKeys(settings.identity_key.encode())
    return GuestKeys(_kept(settings.data_dir / KEY_FILE))


def _kept(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    secret = path.read_bytes().strip()
    if not secret:
        raise ConfigError(
            f"The file {path} is empty: put the secret back that was in it, or set CRM_IDENTITY_KEY."
        )
    return secret


def _make(path: Path) -> None:
    """Written before it gets its name: tasks that start at once must never read half a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by this user only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        os.link(draft, path)
    except FileExistsError:
        pass  # another task was faster: its secret counts
    finally:
        Path(draft).unlink()


def assure_same_secret(connection: Connection, keys: GuestKeys) -> None:
    """Remember the secret's fingerprint at first use; refuse another one later.

    Raises:
        ConfigError: guests are keyed with another secret in this warehouse.
    """
    known = connection.execute(
        text(
            "insert into ops.identity_keys (purpose, fingerprint) values (:purpose, :fingerprint) "
            "on conflict (purpose) do update set purpose = excluded.purpose returning fingerprint"
        ),
        {"purpose": PURPOSE, "fingerprint": keys.fingerprint()},
    ).scalar_one()
    if known != keys.fingerprint():
        raise ConfigError(
            "The warehouse's guest keys were made with another secret: set CRM_IDENTITY_KEY to the one used before, "
            f"or put its {KEY_FILE} file back into the data folder."
        )
