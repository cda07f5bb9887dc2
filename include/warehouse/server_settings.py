"""The tuned settings of the embedded PostgreSQL, sized to the machine, and why each is set.

The server is for bulk loads by a few local processes: it may use the memory of one big transaction, and it need not
keep the last instant before a power cut, since a window that was lost is read again. Code that must not lose a commit
(a write to the store cannot be taken back) says `SET LOCAL synchronous_commit = on` in its own transaction.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
PORT = 5432
_NO_LIMIT = 1 << 60  # cgroups say "no limit" with a number near 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the sizes are derived from; all in bytes.

    Attributes:
        memory: what this process tree may use: the machine's, or the container's limit if that is less.
        free_disk: free on the disk of the cluster.
        shared_memory: size of /dev/shm, or None where there is none.
    """

    memory: int
    free_disk: int
    shared_memory: int | None

    @classmethod
    def here(cls, folder: Path) -> Machine:
        """Look at this machine; `folder` is on the disk of the cluster."""
        shm = Path("/dev/shm")  # noqa: S108 - only its size is read
        return cls(
            memory=min(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), _container_limit()),
            free_disk=shutil.disk_usage(folder).free,
            shared_memory=shutil.disk_usage(shm).total if shm.is_dir() else None,
        )


def server_settings(machine: Machine, *, socket_folder: Path, durable: bool) -> dict[str, str]:
    """Return every setting that differs from PostgreSQL's defaults."""
    return {
        **_reachable_settings(socket_folder),
        **_size_settings(machine),
        **_bulk_load_settings(),
        **_log_settings(),
        **({} if durable else {"fsync": "off", "full_page_writes": "off"}),
    }


def render_settings(settings: dict[str, str]) -> str:
    """Write settings in the form of `postgresql.conf`."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    header = (
        "# Written at every start of the server; the reasons are in include/warehouse/server_settings.py."
    )
    return "\n".join([header, *lines, ""])


def _reachable_settings(socket_folder: Path) -> dict[str, str]:
    return {
        # No network at all. Trust over the socket is safe because its folder is open to one account (and root) only.
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        # Airflow with 8 parallel tasks was seen at 13 connections; each task opens at most 5 of its own.
        "max_connections": "100",
        "timezone": "UTC",
    }


def _size_settings(machine: Machine) -> dict[str, str]:
    """Derive sizes; machines of 8 GiB and more get the values that were measured to be good, smaller ones a share."""
    sizes = {
        # Airflow itself takes about 1.5 GB, so the server stays modest: a sixteenth, at most 512 MB.
        "shared_buffers": f"{_between(machine.memory // 16, 64, 512)}MB",
        "work_mem": f"{_between(machine.memory // 256, 4, 32)}MB",
        "maintenance_work_mem": f"{_between(machine.memory // 32, 32, 256)}MB",
        # Fewer checkpoints in a big load; a sixteenth of the free disk, so that the log never fills a small one.
        "max_wal_size": f"{_between(machine.free_disk // 16, 256, 4096)}MB",
    }
    if machine.shared_memory is not None and machine.shared_memory < 512 * MIB:
        # Containers often have 64 MB of /dev/shm, and a parallel hash join then fails with "No space left on device".
        sizes["dynamic_shared_memory_type"] = "sysv"
    return sizes


def _bulk_load_settings() -> dict[str, str]:
    """Loading 200,000 orders took a third less time with these together."""
    return {
        "checkpoint_timeout": "15min",
        # No replication, so no need to log what it takes; COPY into a new table then skips the log altogether.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "synchronous_commit": "off",
    }


def _log_settings() -> dict[str, str]:
    """Keep rows, values and statements out of the server's log: they are personal data."""
    return {
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",  # no DETAIL, which holds the offending key or row
        "log_checkpoints": "off",
    }


def _between(size: int, least: int, most: int) -> int:
    """Turn bytes into MiB, inside bounds given in MiB."""
    return max(least, min(most, size // MIB))


def _container_limit() -> int:
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limit = Path(path).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if limit.isdigit():
            return int(limit)
    return _NO_LIMIT
