from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, text

from include.errors import ConfigError
from include.identity.guest_keys import KEY_FILE, assure_same_secret, guest_keys
from include.settings import Settings
from include.warehouse.backup import DUMP, MANIFEST, restore, save
from include.warehouse.engine import open_engine
from include.warehouse.migrate import assure_current
from include.warehouse.server import EmbeddedServer
from tests.sync.migrated_warehouse import migrated_template
from tests.sync.records import customer, order
from tests.sync.shop import Door, Shop, shop

__all__ = ["migrated_template", "shop"]

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """An installation with a key file."""
    return Settings.from_environment({"CRM_DATA_DIR": str(tmp_path / "here")})


@pytest.fixture
def loaded(shop: Shop, here: Settings) -> Shop:
    """A warehouse with orders, guests among them, whose keys are those of the installation."""
    shop.door = Door(records=[order(n) for n in range(1, 6)])
    shop.run("orders")
    shop.door = Door(records=[customer(1)])
    shop.run("customers")
    with shop.engine.begin() as connection:
        assure_same_secret(connection, guest_keys(here))
    return shop


@pytest.fixture
def empty(postgres: EmbeddedServer) -> Iterator[Engine]:
    """A database to restore into."""
    with _database(postgres, f"restored_{uuid4().hex[:8]}") as engine:
        yield engine


@contextmanager
def _database(server: EmbeddedServer, name: str) -> Iterator[Engine]:
    server.ensure_database(name)
    engine = open_engine(server.url(name))
    yield engine
    engine.dispose()
    admin = server.url("postgres").set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def save_here(loaded: Shop, settings: Settings, folder: Path) -> None:
    save(loaded.engine.url, settings, folder, now=NOW, is_embedded=True)


def restore_here(engine: Engine, settings: Settings, folder: Path, **options: Any) -> None:
    restore(engine.url, settings, folder, is_embedded=True, **options)


def content(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, but the transient ones."""
    with engine.connect() as connection:
        names = connection.execute(
            text(
                "select format('%I.%I', table_schema, table_name) from information_schema.tables "
                "where table_type = 'BASE TABLE' and table_schema in ('crm', 'ops', 'report', 'marketing')"
            )
        ).scalars()
        return {
            name: list(connection.execute(text(f"select t::text from {name} as t order by 1")).scalars())  # noqa: S608
            for name in names
        }


def test_restored_warehouse_is_equal_and_the_next_run_changes_nothing(
    loaded: Shop, here: Settings, empty: Engine, tmp_path: Path
) -> None:
    save_here(loaded, here, tmp_path / "backup")
    restore_here(empty, here, tmp_path / "backup")
    before = content(loaded.engine)
    assert content(empty) == before
    assert before["crm.orders"]
    assure_current(empty)
    again = Shop(engine=empty, root=loaded.root, door=Door(records=[order(n) for n in range(1, 6)]))
    for window in again.run("orders", is_full_resync=True):
        assert window.state == "done"
    changed = "select count(*) from crm.orders where changed_at > first_seen_at or window_id > :last"
    with empty.connect() as connection:
        last = len(before["ops.windows"])
        assert connection.execute(text(changed), {"last": last}).scalar_one() == 0


def test_key_of_the_guests_comes_back_with_the_warehouse(
    loaded: Shop, here: Settings, empty: Engine, tmp_path: Path
) -> None:
    save_here(loaded, here, tmp_path / "backup")
    elsewhere = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path / "elsewhere")})
    restore_here(empty, elsewhere, tmp_path / "backup")
    assert guest_keys(elsewhere) == guest_keys(here)
    assert stat.S_IMODE((elsewhere.data_dir / KEY_FILE).stat().st_mode) == 0o600
    with empty.begin() as connection:
        assure_same_secret(connection, guest_keys(elsewhere))


def test_another_key_is_refused_before_anything_is_touched(
    loaded: Shop, here: Settings, empty: Engine, tmp_path: Path
) -> None:
    save_here(loaded, here, tmp_path / "backup")
    other = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path / "other")})
    guest_keys(other)
    with pytest.raises(ConfigError, match="another secret than the backup's guests"):
        restore_here(empty, other, tmp_path / "backup")
    assert content(empty) == {}
    with pytest.raises(ConfigError, match="keyed with another secret"):
        save_here(loaded, other, tmp_path / "useless")


def test_secret_of_the_environment_is_not_written_to_a_backup(
    shop: Shop, empty: Engine, tmp_path: Path
) -> None:
    known = {"CRM_DATA_DIR": str(tmp_path / "here"), "CRM_IDENTITY_KEY": "a secret"}
    settings = Settings.from_environment(known)
    with shop.engine.begin() as connection:
        assure_same_secret(connection, guest_keys(settings))
    save_here(shop, settings, tmp_path / "backup")
    assert {path.name for path in (tmp_path / "backup").iterdir()} == {DUMP, MANIFEST}
    without = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path / "without")})
    with pytest.raises(ConfigError, match="set it as it was"):
        restore_here(empty, without, tmp_path / "backup")
    restore_here(empty, settings, tmp_path / "backup")


def test_backup_is_for_its_owners_eyes_only(loaded: Shop, here: Settings, tmp_path: Path) -> None:
    save_here(loaded, here, tmp_path / "backup")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "backup").iterdir()}
    assert modes == {DUMP: 0o600, MANIFEST: 0o600, KEY_FILE: 0o600}
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o700


def test_warehouse_that_is_there_is_replaced_only_when_told(
    loaded: Shop, here: Settings, tmp_path: Path
) -> None:
    save_here(loaded, here, tmp_path / "backup")
    before = content(loaded.engine)
    loaded.execute("delete from crm.orders")
    with pytest.raises(ConfigError, match="holds a warehouse already"):
        restore_here(loaded.engine, here, tmp_path / "backup")
    assert content(loaded.engine)["crm.orders"] == []
    restore_here(loaded.engine, here, tmp_path / "backup", replace=True)
    assert content(loaded.engine) == before


def test_on_another_server_nothing_counts_as_touched(
    loaded: Shop, here: Settings, empty: Engine, tmp_path: Path
) -> None:
    save_here(loaded, here, tmp_path / "backup")
    assert content(loaded.engine)["ops.touched"]
    manifest = tmp_path / "backup" / MANIFEST
    with loaded.engine.connect() as connection:
        number = connection.execute(text("select system_identifier::text from pg_control_system()")).scalar()
    manifest.write_text(manifest.read_text().replace(str(number), "another"))
    restore_here(empty, here, tmp_path / "backup")
    assert content(empty)["ops.touched"] == []


def test_what_is_no_finished_backup_or_of_a_newer_version_is_refused(
    loaded: Shop, here: Settings, empty: Engine, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="no finished backup"):
        restore_here(empty, here, tmp_path)
    save_here(loaded, here, tmp_path / "backup")
    with pytest.raises(ConfigError, match="holds something already"):
        save_here(loaded, here, tmp_path / "backup")
    manifest = tmp_path / "backup" / MANIFEST
    manifest.write_text('{"revision": "20991231_0000", "identity_fingerprint": null, "server_id": "1"}')
    with pytest.raises(ConfigError, match="newer version of the project"):
        restore_here(empty, here, tmp_path / "backup")


def test_program_that_fails_is_one_sentence(
    loaded: Shop, here: Settings, empty: Engine, tmp_path: Path
) -> None:
    save_here(loaded, here, tmp_path / "backup")
    (tmp_path / "backup" / DUMP).write_bytes(b"PGDMP cut off")
    with pytest.raises(ConfigError, match=r"pg_restore failed: .*, then try again"):
        restore_here(empty, here, tmp_path / "backup")
