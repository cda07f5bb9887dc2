"""The files of one export, in the order in which they go: whoever waits for the manifest finds the rest beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from include.segments.private_file import FilePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one export left to be delivered.

    Attributes:
        segment_name: the segment.
        folder: where the files are.
        files: names of finished files, with a folder below that where they have one; the manifest not among them.
        manifest: name of what describes them; it goes last.
        exported_at: when they were made, with a zone.
    """

    segment_name: str
    folder: FilePath
    files: tuple[str, ...]
    manifest: str
    exported_at: datetime

    @property
    def in_order(self) -> tuple[str, ...]:
        """Everything, the manifest last."""
        return (*self.files, self.manifest)
