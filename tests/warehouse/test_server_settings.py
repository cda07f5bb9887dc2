"""The server's sizes follow the machine, inside bounds."""

from __future__ import annotations

from pathlib import Path

from include.warehouse.server_settings import MIB, Machine, render_settings, server_settings

GIB = 1024 * MIB


def settings_on(
    *, memory: int, free_disk: int = 500 * GIB, shared_memory: int | None = 8 * GIB
) -> dict[str, str]:
    machine = Machine(memory=memory, free_disk=free_disk, shared_memory=shared_memory)
    return server_settings(machine, socket_folder=Path("/run/socket"), durable=True)


def test_large_machine_gets_the_measured_values_and_no_more() -> None:
    tuned = settings_on(memory=256 * GIB)
    sizes = [tuned[name] for name in ("shared_buffers", "work_mem", "maintenance_work_mem", "max_wal_size")]
    assert sizes == ["512MB", "32MB", "256MB", "4096MB"]


def test_small_machine_keeps_its_memory_and_disk_for_others() -> None:
    tuned = settings_on(memory=2 * GIB, free_disk=8 * GIB)
    sizes = [tuned[name] for name in ("shared_buffers", "work_mem", "maintenance_work_mem", "max_wal_size")]
    assert sizes == ["128MB", "8MB", "64MB", "512MB"]


def test_container_with_little_shared_memory_does_without_it() -> None:
    assert settings_on(memory=GIB, shared_memory=64 * MIB)["dynamic_shared_memory_type"] == "sysv"
    assert "dynamic_shared_memory_type" not in settings_on(memory=GIB)
    assert "dynamic_shared_memory_type" not in settings_on(memory=GIB, shared_memory=None)


def test_real_data_is_always_flushed_to_disk() -> None:
    assert "fsync" not in settings_on(memory=GIB)


def test_quotes_in_a_value_are_doubled() -> None:
    assert "folder = 'it''s'" in render_settings({"folder": "it's"}).splitlines()


def test_this_machine_has_memory_and_disk(tmp_path: Path) -> None:
    machine = Machine.here(tmp_path)
    assert 64 * MIB < machine.memory < 1 << 50
    assert machine.free_disk > 0
