"""`make suppress`: ask for an e-mail at the terminal and keep it out of every export; LIFT= lets it in again.

The e-mail stays in this process, as with `make erase`: what is kept is its keyed hash.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from include.channels.loading import get_channel
from include.entities.catalogue import ENTITY_NAMES
from include.errors import ConfigError, SyncError
from include.identity.guest_keys import assure_same_secret, guest_keys
from include.orchestration.launch.environment import local_settings
from include.orchestration.launch.erase import asked
from include.orchestration.launch.warehouse import migrate_warehouse, open_local_warehouse
from include.settings import Settings
from include.suppressions.suppressing import OptOut, lift, opt_out_of, suppress
from include.suppressions.tables import EVERY_CHANNEL

SOURCE = "person"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the command line; 0 when it was noted."""
    parser = argparse.ArgumentParser(prog="make suppress", description=__doc__)
    parser.add_argument("--channel", help="code of the only channel it is about; without it, every channel")
    parser.add_argument("--lift", metavar="WHY", help="let the address be written to again; why is kept")
    chosen = parser.parse_args(arguments)
    try:
        print(_note(local_settings(), chosen.channel, chosen.lift))
    except SyncError as error:
        print(f"make suppress: {error.summary}", file=sys.stderr)
        return 1
    return 0


def _note(settings: Settings, channel: str | None, why: str | None) -> str:
    scope = get_channel(settings.channels_dir, channel, ENTITY_NAMES).code if channel else EVERY_CHANNEL
    _check_why(channel, why)
    keys = guest_keys(settings)
    email = asked(sys.stdin, is_twice=False)
    migrate_warehouse(settings)
    with open_local_warehouse(settings) as engine, engine.begin() as connection:
        assure_same_secret(connection, keys)
        now = datetime.now(UTC)
        if why is None:
            return _suppressed(connection, opt_out_of(keys, email, "by_hand", now), scope, now)
        count = lift(connection, keys.email_hash(email), note=why, now=now)
    return (
        f"Lifted: {count}. The address is in exports again where it consented." if count else "Nothing held."
    )


def _check_why(channel: str | None, why: str | None) -> None:
    if why is not None and channel:
        raise ConfigError("LIFT= lifts an address everywhere: leave CHANNEL= out.")
    if why is not None and "@" in why:
        raise ConfigError(
            "LIFT= takes why, in a few words without names and addresses; the e-mail is asked for."
        )


def _suppressed(connection: Connection, opt_out: OptOut, scope: str, now: datetime) -> str:
    noted = suppress(connection, [opt_out], source=SOURCE, now=now, scope=scope)
    where = "every channel" if scope == EVERY_CHANNEL else f"channel {scope}"
    return f"Suppressed in {where}." if noted.new_count else f"It was suppressed in {where} before."


if __name__ == "__main__":
    sys.exit(main())
