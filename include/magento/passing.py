"""What passes by itself when a store is asked, whatever protocol it speaks: the one kind of failure worth another try.

Everything else ends at once in an error of the project. Addresses in messages carry no user, password or query.
"""

from __future__ import annotations

from urllib.parse import urlsplit


class Passing(Exception):
    """Something that another try may mend.

    Attributes:
        what: plain words for a message, e.g. "answered nothing within 60 s".
        unreachable: nobody answered at that address at all.
        wait: seconds the store asked us to wait, None when it did not say.
        may_have_acted: whether the store may have done what it was asked for all the same.
    """

    def __init__(
        self, what: str, *, unreachable: bool = False, wait: float | None = None, may_have_acted: bool = True
    ) -> None:
        super().__init__(what)
        self.what = what
        self.unreachable = unreachable
        self.wait = wait
        self.may_have_acted = may_have_acted and not unreachable


def origin(url: str) -> str:
    """Scheme, host and port of a URL: the part that is safe to print."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}:{parts.port}" if parts.port else f"{parts.scheme}://{host}"
