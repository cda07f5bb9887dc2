"""A bucket of S3 or of whatever speaks like it (MinIO, R2, Spaces, ...): an object is there whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, Self

from include.delivery.place import telling
from include.errors import TransientError

_SECONDS = "60s"
_RETRIES = {"max_retries": 3}
# Of 5 MB each: bounds memory, whatever the size of the file.
_PIECES_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAddress:
    """A bucket and how it is entered.

    Attributes:
        bucket: its name.
        prefix: what object names begin with, a folder of sorts; may be empty.
        region: of the bucket.
        endpoint: URL of a store that is not Amazon's; None: Amazon's.
        key_id: of the access key; None: what the machine is allowed to.
        secret: of the access key.
        allow_http: whether the endpoint may be plain http.
        verify_tls: whether its certificate is checked.
    """

    bucket: str
    prefix: str = ""
    region: str = "us-east-1"
    endpoint: str | None = None
    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    allow_http: bool = False
    verify_tls: bool = True


class BucketPlace:
    """A bucket."""

    takes_rows = True

    def __init__(self, conn_id: str, address: BucketAddress) -> None:
        self._conn_id, self._address = conn_id, address
        self._store: Any = None

    def put(self, name: str, source: IO[bytes], byte_count: int) -> None:
        """Upload in pieces, which become an object at the end; then ask how long it is."""
        import obstore
        from obstore import exceptions

        refused = (
            exceptions.PermissionDeniedError,
            exceptions.UnauthenticatedError,
            FileNotFoundError,  # what a bucket that is not there becomes
            exceptions.UnknownConfigurationKeyError,
        )
        mend = "check its bucket, key, region and endpoint, and that the key may write below the prefix"
        with telling(self._conn_id, refused=refused, broken=(exceptions.BaseError, OSError), mend=mend):
            obstore.put(self._store, name, source, max_concurrency=_PIECES_AT_ONCE)
            if obstore.head(self._store, name)["size"] != byte_count:
                raise TransientError(
                    f"Connection {self._conn_id}: the object is not as long as the file; the next try sends it again."
                )

    def __enter__(self) -> Self:
        """Make the client; nothing is asked yet."""
        from obstore.store import S3Store

        address = self._address
        client = {
            "timeout": _SECONDS,
            "allow_http": address.allow_http,
            "allow_invalid_certificates": not address.verify_tls,
        }
        options: dict[str, Any] = {"client_options": client, "retry_config": _RETRIES}
        self._store = S3Store(
            address.bucket, prefix=address.prefix or None, config=dict(_config(address)), **options
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget the client."""
        self._store = None


def _config(address: BucketAddress) -> Mapping[str, str]:
    known = {
        "region": address.region,
        "endpoint": address.endpoint,
        "access_key_id": address.key_id,
        "secret_access_key": address.secret,
    }
    return {name: value for name, value in known.items() if value}
