"""What a place to deliver to must be able to do, and how its failures are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Protocol, Self

from include.errors import ConfigError, SyncError, TransientError


class Place(Protocol):
    """An open place; used in a `with` block.

    A file is there whole or not at all: nobody sees half of it under its name. Putting it again replaces it, so that a
    delivery that was cut short is simply done again.
    """

    takes_rows: bool
    """Whether files with people in them go there; if not, only the manifest does."""

    def put(self, name: str, source: IO[bytes], byte_count: int) -> None:
        """Have a file there under this name, which may have a folder in it (`removed/...`); that one is made.

        Raises:
            ConfigError: it is not let in, or the place is not what the connection says.
            TransientError: it does not answer, or broke off.
        """
        ...

    def __enter__(self) -> Self:
        """Nothing is sent before the first `put`, but the place is entered."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the place."""
        ...


Errors = tuple[type[Exception], ...]


@contextmanager
def telling(conn_id: str, *, refused: Errors, broken: Errors, mend: str) -> Iterator[None]:
    """Say a failure in one sentence, without the text of the library: it may hold addresses and logins.

    Args:
        conn_id: of the connection.
        refused: errors that trying again does not mend; looked for first.
        broken: errors that may pass.
        mend: what to look at.

    Raises:
        ConfigError: for errors in `refused`.
        TransientError: for those in `broken`.
    """
    try:
        yield
    except SyncError:
        raise
    except refused as error:
        raise ConfigError(
            f"Connection {conn_id} does not let the file in ({type(error).__name__}): {mend}."
        ) from None
    except broken as error:
        raise TransientError(
            f"Connection {conn_id} broke off ({type(error).__name__}): the next try sends the file again; if that goes "
            f"on, {mend}."
        ) from None
