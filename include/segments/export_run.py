"""One run of an export for one channel in one profile: its rows staged and counted, then written as files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row

from include.segments.companion import stage_blocked
from include.segments.csv_lines import END, LineWriter
from include.segments.export_folder import manifest_of, stem_of_kind
from include.segments.loading import Segment
from include.segments.manifest import Facts, describe
from include.segments.member_stream import own_columns
from include.segments.private_file import FilePath, HashedFile
from include.segments.profiles.addresses import is_address
from include.segments.profiles.model import Layout, Profile, SegmentFacts, lay_out
from include.segments.profiles.recipient import Recipient
from include.segments.profiles.registry import get_profile
from include.segments.publication import Publication
from include.segments.run import Base, Run
from include.segments.sifting import Counts, Sieve
from include.segments.split_files import Limits, WrittenFile, write_split
from include.segments.staging import Staging


def layouts_of(segment: Segment) -> list[Layout]:
    """The layouts of all profiles of a segment.

    Raises:
        ConfigError: one cannot be made of the segment.
    """
    facts = SegmentFacts(
        name=segment.name,
        member_key=segment.contract.member_key,
        campaign_code=segment.campaign_code,
        personal_columns=segment.contract.personal_columns,
        own_columns=own_columns(segment),
        json_columns=tuple(column.name for column in segment.contract.columns if column.kind == "json"),
    )
    return [lay_out(get_profile(name), facts) for name in segment.contract.profiles]


def prepare(
    connection: Connection,
    sieve: Sieve,
    channel_code: str,
    folder: FilePath,
    members: Iterable[list[Recipient]],
) -> Run:
    """Stage the rows of an export: who of the members may be in it, one row per person."""
    segment, layout = sieve.segment, sieve.layout
    profile = layout.profile
    staging = Staging(connection)
    asks_who_said_no = profile.companion is not None or profile.is_by_mailbox
    for batch in members:
        rows, blocked = sieve.sift(connection, batch)
        staging.add_rows(rows)
        if asks_who_said_no:
            staging.add_blocked([one for one in blocked if is_address(one.email)])
    if asks_who_said_no:
        stage_blocked(connection, staging, channel_code, sieve)
    _settle(staging, sieve.counts, staged=_left(sieve.counts))
    return Run(
        segment=segment,
        channel_code=channel_code,
        layout=layout,
        folder=folder,
        staging=staging,
        counts=sieve.counts,
        neutralised=staging.neutralised(),
        content_hash=_fingerprint(layout, staging),
    )


def write_run(
    publication: Publication, run: Run, base: Base, refreshed: Row[Any], now: datetime
) -> tuple[dict[str, Any], tuple[WrittenFile, ...]]:
    """Write the files of a run, to be published with others; its manifest, and what there is to deliver."""
    of = f"{run.segment.name}-{run.layout.profile.name}-{run.channel_code}"
    stem = f"{of}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    files = [*_write_full(publication, run, stem), *_write_difference(publication, run, base, stem)]
    files += _write_companion(publication, run, stem)
    facts = Facts(
        segment=run.segment,
        channel_code=run.channel_code,
        layout=run.layout,
        refreshed=refreshed,
        counts=run.counts,
        neutralised=run.neutralised,
        files=files,
        base=base,
    )
    manifest = describe(facts, now)
    with publication.file(manifest_of(run.folder / files[0].name).name) as output:
        output.write(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    return manifest, tuple(files)


def _left(counts: Counts) -> int:
    out = counts.without_address + counts.without_consent + counts.held_out + counts.suppressed
    return counts.members - out - counts.invalid


def _settle(staging: Staging, counts: Counts, *, staged: int) -> None:
    blocked, doubled = staging.settle()
    counts.suppressed += blocked
    counts.doubled = doubled
    counts.exported = staged - blocked - doubled


def _fingerprint(layout: Layout, staging: Staging) -> str:
    digest = hashlib.sha256()
    lines = (line for line, _ in staging.lines())
    blocked = (email for email, _ in staging.blocked()) if layout.profile.companion else ()
    for line in chain([_header(layout)], lines, [""], blocked):
        digest.update(f"{line}{END}".encode())
    return digest.hexdigest()


def _header(layout: Layout) -> str:
    return LineWriter().line(layout.headers)


def _limits(profile: Profile) -> Limits:
    return Limits(max_bytes=profile.max_bytes, max_rows=profile.max_rows)


def _write_full(publication: Publication, run: Run, stem: str) -> list[WrittenFile]:
    return _write_noting(publication, run, stem, "full", _header(run.layout), run.staging.lines())


def _write_difference(publication: Publication, run: Run, base: Base, stem: str) -> list[WrittenFile]:
    """What was added and removed, each where there is anything."""
    if base.must_replace:
        return []
    identity = LineWriter().line([run.layout.headers[place] for place in run.layout.identity])
    # Where nobody was served yet, what is new is the full file.
    added = run.staging.added() if base.since is not None else iter(())
    return [
        *_write_some(publication, run, stem, "added", _header(run.layout), added),
        *_write_some_noting(publication, run, stem, "removed", identity, run.staging.removed()),
    ]


def _write_companion(publication: Publication, run: Run, stem: str) -> list[WrittenFile]:
    companion = run.layout.profile.companion
    if companion is None:
        return []
    header, lines = LineWriter(), LineWriter()
    blocked = ((lines.line([email]), person) for email, person in run.staging.blocked())
    head = header.line(companion.headers)
    return _write_some_noting(publication, run, stem, "suppression", head, blocked)


def _write_some_noting(
    publication: Publication, run: Run, stem: str, kind: str, header: str, rows: Iterator[tuple[str, str]]
) -> list[WrittenFile]:
    first = next(rows, None)
    if first is None:
        return []
    return _write_noting(publication, run, stem, kind, header, chain([first], rows))


def _write_noting(
    publication: Publication, run: Run, stem: str, kind: str, header: str, rows: Iterable[tuple[str, str]]
) -> list[WrittenFile]:
    """Write lines, and beside them whose they are, line by line, as keyed hashes."""
    named = stem_of_kind(stem, kind)
    with publication.file(f"{named}.people") as people:
        lines = _noting(rows, people)
        return write_split(publication, named, kind, header, lines, _limits(run.layout.profile))


def _noting(rows: Iterable[tuple[str, str]], people: HashedFile) -> Iterator[str]:
    for line, person in rows:
        people.write(f"{person}\n")
        yield line


def _write_some(
    publication: Publication, run: Run, stem: str, kind: str, header: str, lines: Iterator[str]
) -> list[WrittenFile]:
    first = next(lines, None)
    if first is None:
        return []
    limits = _limits(run.layout.profile)
    return write_split(publication, stem_of_kind(stem, kind), kind, header, chain([first], lines), limits)
