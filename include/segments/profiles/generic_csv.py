"""`generic_csv`: what a segment knows of its members, for spreadsheets and tools without a profile of their own.

The only file in which every row says why the person is in it: segment, consent, its source, shop and instant. Values
stand as the warehouse has them, so that nothing is lost; names may hold line breaks (quoted, RFC 4180).
"""

from __future__ import annotations

from collections.abc import Sequence

from include.segments.profiles.model import Column, Profile, SegmentFacts, field, own_columns


def _columns(facts: SegmentFacts) -> Sequence[Column]:
    return [
        Column("segment", lambda _: facts.name, meaning="The segment that the person is in"),
        Column("campaign_code", lambda _: facts.campaign_code, meaning="Campaign the file is made for"),
        Column("channel_code", field("channel_code"), meaning="The shop", is_identity=True),
        Column(facts.member_key, field("member_key"), meaning="Who: key of the member", is_identity=True),
        *(Column(name, field(name), (name,), "As the store has it") for name in _listed(facts)),
        *own_columns(facts),
        Column("consent_state", field("consent_state"), meaning="What the person said; empty: never asked"),
        Column("consent_source", field("consent_source"), meaning="What that is known from"),
        Column("consent_store_key", field("consent_store_key"), meaning="Store view it was said to"),
        Column("consent_at", field("consent_at"), meaning="When it was said (UTC)"),
    ]


def _listed(facts: SegmentFacts) -> list[str]:
    """Personal columns that do not stand in every file anyway."""
    return [name for name in facts.personal_columns if not name.startswith("consent_")]


GENERIC_CSV = Profile(
    name="generic_csv",
    title="CSV",
    rules="2026-11",
    make_columns=_columns,
    requires=(),
    # Whatever stands there as an address: people who read the file see for themselves what it is good for.
    same_person=lambda recipient: recipient.email_normalised or "",
)
