"""Secrets of a local Airflow: made once, kept in files that only their owner can read.

They must outlive the process: connections typed into the UI are encrypted with the Fernet key, and the four components
of Airflow sign and check one another's tokens with the others. Losing the file means typing those connections again.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from include.errors import ConfigError

ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keys:
    """Secrets that all components of one Airflow share; without a repr, so that no log line can show them."""

    fernet_key: str
    jwt_secret: str
    api_secret_key: str


def load_keys(home: Path) -> Keys:
    """Keys of this Airflow home, made at the first call.

    Raises:
        ConfigError: the key file is there and is not what this function wrote.
    """
    path = home / "keys.json"
    fresh = Keys(
        fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        jwt_secret=secrets.token_urlsafe(48),
        api_secret_key=secrets.token_urlsafe(48),
    )
    try:
        return Keys(**_read_or_create(path, asdict(fresh)))
    except TypeError as error:
        raise ConfigError(_unreadable(path)) from error


def admin_password(home: Path) -> str:
    """Password of the user `admin` of the UI, made at the first call and kept where Airflow itself looks for it."""
    path = home / "simple_auth_manager_passwords.json.generated"
    passwords = _read_or_create(path, {ADMIN: secrets.token_urlsafe(12)})
    if ADMIN not in passwords:
        raise ConfigError(_unreadable(path))
    return passwords[ADMIN]


def _read_or_create(path: Path, content: dict[str, str]) -> dict[str, str]:
    if not path.exists():
        _create_private(path, json.dumps(content))
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(_unreadable(path)) from error
    if not isinstance(stored, dict) or not all(isinstance(value, str) for value in stored.values()):
        raise ConfigError(_unreadable(path))
    return stored


def _create_private(path: Path, text: str) -> None:
    """Write a file that appears whole and at once, or leave the one that another process wrote first."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _unreadable(path: Path) -> str:
    return f"{path} is damaged or not yours to read; move it away and start again: a new one is made."
