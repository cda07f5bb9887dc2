from __future__ import annotations

from typing import Any

import pytest

from include.delivery.bucket import BucketPlace
from include.delivery.connections import Destination, open_place
from include.delivery.folder import FolderPlace
from include.delivery.mail import MailPlace
from include.delivery.sftp import SftpPlace
from include.errors import ConfigError

MAIL = {"from_email": "crm@example.com", "to_email": "team@example.com"}


@pytest.mark.parametrize(
    ("kind", "fields", "place"),
    [
        ("fs", {"extra": {"path": "/srv/out"}}, FolderPlace),
        ("aws", {"extra": {"bucket": "b"}}, BucketPlace),
        ("sftp", {"host": "h", "login": "u", "extra": {"host_key": "k"}}, SftpPlace),
        ("smtp", {"host": "h", "extra": MAIL}, MailPlace),
        ("generic", {"extra": {"delivery": "s3", "bucket": "b"}}, BucketPlace),
    ],
)
def test_the_type_says_what_place_it_is(kind: str, fields: dict[str, Any], place: type) -> None:
    assert isinstance(open_place(Destination(conn_id="tool", kind=kind, **fields)), place)


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("http", {}, "type http, which nothing is delivered to: use one of aws, "),
        ("fs", {}, "does not say path"),
        ("fs", {"extra": {"path": "out"}}, "path must be absolute"),
        ("aws", {}, "does not say bucket"),
        ("aws", {"extra": {"bucket": "b", "endpoint_url": "http://minio:9000"}}, "is not https"),
        ("sftp", {"login": "u"}, "does not say host:"),
        ("sftp", {"host": "h", "login": "u"}, "does not say host_key"),
        ("smtp", {"host": "h"}, "does not say from_email"),
    ],
)
def test_what_a_connection_lacks_is_said_before_anything_is_sent(
    kind: str, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=rf"^Connection tool.*{sentence}"):
        open_place(Destination(conn_id="tool", kind=kind, **fields))


def test_no_secret_is_shown() -> None:
    shown = repr(
        Destination(conn_id="tool", kind="sftp", login="u", password="secret", extra={"private_key": "k"})
    )
    assert "secret" not in shown
    assert "private_key" not in shown
