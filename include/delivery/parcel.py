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
        files: finished files, the manifest not among them.
        manifest: what describes them; it goes last.
        exported_at: when they were made, with a zone.
    """

    segment_name: str
    files: tuple[FilePath, ...]
    manifest: FilePath
    exported_at: datetime

    @property
    def in_order(self) -> tuple[FilePath, ...]:
        """Everything, the manifest last."""
        return (*self.files, self.manifest)
