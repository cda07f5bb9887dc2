"""How large a segment and its files are expected to be; beyond that a person decides whether files are written.

`expected_size` bounds the members. It is wide, since shops differ and a new one has nobody; so each file is also held
against the one that was delivered last: half of a list that is gone is a broken sync more often than a change of heart,
and so is a short list that is empty all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from include.errors import DataError
from include.segments.loading import Segment
from include.segments.run import Base

FEW = 100
"""Changes by so many rows are never held: of a short list any change is a large part."""
SOME = 10
"""But of so many at least one is expected to stay, unless the segment says that everybody may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Something counted, and what is expected of it.

    Attributes:
        what: is counted, after a number: `members`.
        count: how many there are.
        minimum: expected at least.
        maximum: expected at most; None: any.
    """

    what: str
    count: int
    minimum: int
    maximum: int | None

    @property
    def distance(self) -> int:
        """How far below (negative) or above what is expected."""
        above = max(self.count - self.maximum, 0) if self.maximum is not None else 0
        return min(self.count - self.minimum, 0) or above

    @property
    def expected(self) -> str:
        """What is expected, in words."""
        return f"{self.minimum} to {self.maximum}" if self.maximum is not None else f"{self.minimum} or more"

    @property
    def sentence(self) -> str:
        """All of it, in words."""
        return f"{self.count} {self.what} where {self.expected} are expected"

    def is_covered_by(self, other: Size) -> bool:
        """Whether it is on the same side of the same expectation, and no further away."""
        same = (self.what, self.minimum, self.maximum) == (other.what, other.minimum, other.maximum)
        return same and self.distance * other.distance > 0 and abs(self.distance) <= abs(other.distance)


MayGo = Callable[[Size], bool]
"""Whether a person said that something of an unexpected size may go."""


class UnexpectedSize(DataError):
    """A segment or a file of it is larger or smaller than expected: a person decides whether it is exported.

    Attributes:
        segment_name: the segment.
        sizes: what is not as expected.
    """

    def __init__(self, segment: Segment, sizes: Sequence[Size]) -> None:
        self.segment_name, self.sizes = segment.name, tuple(sizes)
        found = ", ".join(size.sentence for size in sizes)
        super().__init__(
            f"Segment {segment.name} has {found}, so no file was written: look at marketing.segment_sizes, then "
            "approve it, or mend the query, expected_size or expected_change_pct in segment.yml."
        )


def size_of_members(segment: Segment, count: int) -> Size:
    """The members against `expected_size`."""
    expected = segment.contract.expected_size
    return Size(what="members", count=count, minimum=expected.minimum, maximum=expected.maximum)


def sizes_of_files(
    segment: Segment, of: tuple[str, str], base: Base, *, row_count: int, removed_count: int
) -> list[Size]:
    """Rows and removed rows against the files that were delivered last; nothing where there are none.

    Args:
        segment: the segment.
        of: channel and profile.
        base: what the files are told against.
        row_count: rows of the full file.
        removed_count: rows to be removed.
    """
    if base.row_count is None:
        return []
    allowed = max(base.row_count * segment.contract.expected_change_pct // 100, FEW)
    named = "rows in {} for {}".format(*of)
    # While a channel is read for the first time its lists grow by leaps.
    maximum = None if base.was_loading else base.row_count + allowed
    stays = base.row_count >= SOME and segment.contract.expected_change_pct < 100
    minimum = max(base.row_count - allowed, int(stays))
    rows = Size(what=named, count=row_count, minimum=minimum, maximum=maximum)
    removed = Size(what=f"removed {named}", count=removed_count, minimum=0, maximum=allowed)
    return [rows, removed]
