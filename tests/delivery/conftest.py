from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from include.delivery.parcel import Parcel
from tests.delivery.servers import BucketServer, SftpServer, bucket_server, sftp_server
from tests.suppressions.addresses import NOW
from tests.sync.migrated_warehouse import migrated_template

__all__ = ["migrated_template"]


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketServer]:
    with bucket_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(scope="module")
def sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    with sftp_server(tmp_path_factory.mktemp("sftp")) as running:
        yield running


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    folder = tmp_path / "exports"
    folder.mkdir()
    for name, content in (("a.csv", "email\nada@example.com\n"), ("b.csv", "x" * 200_000), ("a.json", "{}")):
        (folder / name).write_text(content)
    files = ("a.csv", "b.csv")
    return Parcel(segment_name="champions", folder=folder, files=files, manifest="a.json", exported_at=NOW)
