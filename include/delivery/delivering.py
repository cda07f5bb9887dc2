"""One parcel to one place: each file once, remembered as soon as it is there, the manifest last.

Safe to run again: what is remembered with the same checksum is not sent; what was cut short is sent again, under the
same name with the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from include.delivery.parcel import Parcel
from include.delivery.place import Place
from include.delivery.tables import DELIVERIES
from include.errors import ConfigError
from include.segments.private_file import FilePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What went: files and bytes; zero of both when everything was there already."""

    file_count: int
    byte_count: int

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            file_count=self.file_count + other.file_count, byte_count=self.byte_count + other.byte_count
        )


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    file: FilePath
    sha256: str
    byte_count: int


def deliver(
    engine: Engine, parcel: Parcel, destination: str, place: Place, clock: Callable[[], datetime]
) -> Delivered:
    """Have the parcel's files at a place.

    Args:
        engine: on the warehouse.
        parcel: finished files.
        destination: id of the connection that describes the place.
        place: not entered yet; it is not entered at all when there is nothing to bring.
        clock: says when something arrived, with a zone.

    Raises:
        ConfigError: a file is gone, or the place does not let it in.
        TransientError: the place does not answer; what had arrived is remembered.
    """
    files = parcel.in_order if place.takes_rows else (parcel.manifest,)
    known = [_measured(name, parcel.folder / name) for name in files]
    todo = [file for file in known if not _is_delivered(engine, destination, file)]
    if todo:
        with place:
            for one in todo:
                with one.file.open("rb") as source:
                    place.put(one.name, source, one.byte_count)
                _remember(engine, parcel, destination, one, clock())
    return Delivered(file_count=len(todo), byte_count=sum(one.byte_count for one in todo))


def _measured(name: str, file: FilePath) -> _Known:
    try:
        with file.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256")  # type: ignore[arg-type]
            return _Known(name, file, digest.hexdigest(), source.tell())
    except FileNotFoundError:
        raise ConfigError(
            f"The file {name} is no longer in the export folder, so it was not delivered: export again."
        ) from None


def _is_delivered(engine: Engine, destination: str, one: _Known) -> bool:
    at = DELIVERIES.c
    once = select(at.delivery_id).where(
        at.destination == destination, at.file_name == one.name, at.sha256 == one.sha256
    )
    with engine.connect() as connection:
        return connection.execute(once).first() is not None


def _remember(engine: Engine, parcel: Parcel, destination: str, one: _Known, now: datetime) -> None:
    row = {
        "segment_name": parcel.segment_name,
        "destination": destination,
        "file_name": one.name,
        "sha256": one.sha256,
        "byte_count": one.byte_count,
        "exported_at": parcel.exported_at,
        "delivered_at": now,
    }
    with engine.begin() as connection:
        connection.execute(insert(DELIVERIES).values(row).on_conflict_do_nothing())
