"""What a profile is: columns with a value each, limits of a file, and the laying out of a segment's columns with them.

Personal columns stand in a file only where the segment lists them in `personal_columns`; columns that need one it does
not list are left out, headers and all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from include.errors import ConfigError
from include.segments.csv_cells import to_cell
from include.segments.profiles.recipient import Recipient
from include.segments.profiles.texts import clipped, one_line

Cell = Callable[[Recipient], object]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes:
        header: exactly as the platform's import knows it.
        value: of a recipient; None and the empty text are an empty cell.
        needs: personal columns it is made of.
        meaning: what it holds, in a sentence.
        is_identity: whether it tells rows apart: the platform updates by it.
        own: the segment's own column that it holds, if it does.
    """

    header: str
    value: Cell
    needs: tuple[str, ...] = ()
    meaning: str = ""
    is_identity: bool = False
    own: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFacts:
    """What a layout needs to know of a segment.

    Attributes:
        name: the segment.
        member_key: name of its key column.
        campaign_code: by which a campaign's results are told apart.
        personal_columns: the recipients' columns that may be exported.
        own_columns: its own columns, in the order of `Recipient.own`.
        json_columns: those of them that hold lists, of any length.
    """

    name: str
    member_key: str
    campaign_code: str
    personal_columns: tuple[str, ...]
    own_columns: tuple[str, ...]
    json_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """The file of those whom a platform must not write to.

    Attributes:
        headers: its header line.
        how: what to do with it there.
    """

    headers: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The shape of a platform's file.

    Attributes:
        name: as in `profiles` of segment.yml.
        title: the platform's name.
        rules: version of its rules; rows made by other rules may differ though nobody changed.
        make_columns: all columns for a segment, before those are left out that it does not list.
        requires: personal columns without which there is no file.
        same_person: what two rows of one person have in common, of which the first is exported. Empty: no such row can
            be imported.
        is_by_mailbox: whether the platform finds one person under several addresses of a mailbox, so that whoever said
            no under one of them is left out under all.
        max_cell_bytes: where the platform cuts a value off; it is clipped there before, between characters.
        max_bytes: size of a file, beyond which it is split.
        max_rows: rows of a file without its header, likewise.
        least_rows: what the platform refuses to work with less of.
        companion: the suppression file, where the platform takes one.
    """

    name: str
    title: str
    rules: str
    make_columns: Callable[[SegmentFacts], Sequence[Column]]
    same_person: Callable[[Recipient], str]
    requires: tuple[str, ...] = ("email",)
    is_by_mailbox: bool = False
    max_cell_bytes: int | None = None
    max_bytes: int | None = None
    max_rows: int | None = None
    least_rows: int = 0
    companion: Companion | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A profile laid out for a segment."""

    profile: Profile
    columns: tuple[Column, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """The header line."""
        return tuple(column.header for column in self.columns)

    @property
    def identity(self) -> tuple[int, ...]:
        """Where the cells stand that tell rows apart."""
        return tuple(place for place, column in enumerate(self.columns) if column.is_identity)

    def render(self, recipient: Recipient) -> tuple[list[str], int]:
        """The cells of a row, and how many were kept from running as a formula."""
        cells, neutralised, limit = [], 0, self.profile.max_cell_bytes
        for column in self.columns:
            cell, was_neutralised = to_cell(column.value(recipient))
            # With its apostrophe, which counts as well.
            cells.append(clipped(cell, limit) if limit else cell)
            neutralised += was_neutralised
        return cells, neutralised


def lay_out(profile: Profile, facts: SegmentFacts) -> Layout:
    """The columns of a segment's file.

    Raises:
        ConfigError: the segment does not list what the profile cannot be without, or two columns get one header.
    """
    missing = [name for name in profile.requires if name not in facts.personal_columns]
    if missing:
        raise ConfigError(
            f"Segment {facts.name} has the profile {profile.name}, which needs {', '.join(missing)}: add it to "
            "personal_columns in segment.yml, or take the profile out."
        )
    listed = set(facts.personal_columns)
    columns = [column for column in profile.make_columns(facts) if listed.issuperset(column.needs)]
    headers = [column.header for column in columns]
    doubled = sorted({header for header in headers if headers.count(header) > 1})
    if doubled:
        raise ConfigError(
            f"Segment {facts.name} has a column that profile {profile.name} would write as {', '.join(doubled)}, "
            "which it has already: give the column another name in segment.yml and members.sql."
        )
    return Layout(profile, tuple(columns))


def field(name: str) -> Cell:
    """Reads a column of the recipient as it is."""
    return attrgetter(name)


def text_field(name: str) -> Cell:
    """Reads a text of the recipient as one line."""
    read = attrgetter(name)
    return lambda recipient: one_line(read(recipient))


def own_columns(
    facts: SegmentFacts,
    header: Callable[[str], str] = str,
    finish: Callable[[object], object] | None = None,
    *,
    takes_lists: bool = True,
) -> list[Column]:
    """The segment's own columns, each under the header that a platform makes of its name.

    Args:
        facts: of the segment.
        header: makes it of the column's name.
        finish: changes the value to what the platform takes.
        takes_lists: whether a list of any length, as JSON, is of use there.
    """
    return [
        Column(header(name), _own_value(place, finish), own=name)
        for place, name in enumerate(facts.own_columns)
        if takes_lists or name not in facts.json_columns
    ]


def _own_value(place: int, finish: Callable[[object], object] | None) -> Cell:
    if finish is None:
        return lambda recipient: recipient.own[place]
    return lambda recipient: finish(recipient.own[place])
