"""keep segment members by channel.

Revision ID: 20261122_21506
Revises: 20261122_21505
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_21506"
down_revision = "20261122_21505"
branch_labels = None
depends_on = None

# Sizes are what the memberships add up to, so those by channel are counted from them.
_SIZES_BY_CHANNEL = """
insert into marketing.segment_sizes
    (segment_name, channel_code, measured_at, member_count, entered_count, left_count)
select
    sizes.segment_name,
    members.channel_code,
    sizes.measured_at,
    count(*) filter (
        where members.entered_at <= sizes.measured_at
        and (members.left_at is null or members.left_at > sizes.measured_at)
    ),
    count(*) filter (where members.entered_at = sizes.measured_at),
    count(*) filter (where members.left_at = sizes.measured_at)
from old_sizes as sizes
inner join marketing.segment_members as members
    on sizes.segment_name = members.segment_name
group by sizes.segment_name, members.channel_code, sizes.measured_at
"""
_SIZES_OF_ALL = """
insert into marketing.segment_sizes (segment_name, measured_at, member_count, entered_count, left_count)
select
    sizes.segment_name,
    sizes.measured_at,
    count(*) filter (
        where members.entered_at <= sizes.measured_at
        and (members.left_at is null or members.left_at > sizes.measured_at)
    ),
    count(*) filter (where members.entered_at = sizes.measured_at),
    count(*) filter (where members.left_at = sizes.measured_at)
from old_sizes as sizes
left join marketing.segment_members as members
    on sizes.segment_name = members.segment_name
group by sizes.segment_name, sizes.measured_at
"""


def _keep_sizes() -> None:
    op.execute(
        "create temp table old_sizes on commit drop as"
        " select distinct segment_name, measured_at from marketing.segment_sizes"
    )
    op.execute("delete from marketing.segment_sizes")
    op.drop_constraint("segment_sizes_pkey", "segment_sizes", schema="marketing", type_="primary")


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "segment_members",
        sa.Column("channel_code", sa.Text(), nullable=True, comment="The channel whose member it is."),
        schema="marketing",
    )
    op.execute("update marketing.segment_members set channel_code = split_part(member_key, ':', 1)")
    op.alter_column("segment_members", "channel_code", nullable=False, schema="marketing")
    op.alter_column(
        "segment_members",
        "member_key",
        existing_type=sa.TEXT(collation="C"),
        comment="Who: key of what the segment addresses, an account, a cart or a newsletter entry.",
        existing_comment="Who: key of what the segment addresses, a customer.",
        existing_nullable=False,
        schema="marketing",
    )
    op.drop_index(
        "segment_members_current_idx",
        table_name="segment_members",
        schema="marketing",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index(
        "segment_members_current_idx",
        "segment_members",
        ["segment_name", "channel_code", "member_key"],
        unique=True,
        schema="marketing",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table_comment(
        "segment_members",
        "One row per stay of a channel's member in a segment: who was in it on a date.",
        existing_comment="One row per stay of a member in a segment: who was in it on a date.",
        schema="marketing",
    )
    _keep_sizes()
    op.add_column(
        "segment_sizes",
        sa.Column(
            "channel_code", sa.Text(), nullable=False, comment="The channel whose members are counted."
        ),
        schema="marketing",
    )
    op.create_table_comment(
        "segment_sizes",
        "One row per channel and refresh that changed a segment's members there, and one for its first.",
        existing_comment="One row per refresh that changed a segment's members, and one for its first.",
        schema="marketing",
    )
    op.create_primary_key(
        "segment_sizes_pkey",
        "segment_sizes",
        ["segment_name", "channel_code", "measured_at"],
        schema="marketing",
    )
    op.execute(_SIZES_BY_CHANNEL)


def downgrade() -> None:
    """Take the change back."""
    op.create_table_comment(
        "segment_sizes",
        "One row per refresh that changed a segment's members, and one for its first.",
        existing_comment="One row per channel and refresh that changed a segment's members there, and one for its first.",
        schema="marketing",
    )
    _keep_sizes()
    op.drop_column("segment_sizes", "channel_code", schema="marketing")
    op.create_primary_key(
        "segment_sizes_pkey", "segment_sizes", ["segment_name", "measured_at"], schema="marketing"
    )
    op.execute(_SIZES_OF_ALL)
    op.create_table_comment(
        "segment_members",
        "One row per stay of a member in a segment: who was in it on a date.",
        existing_comment="One row per stay of a channel's member in a segment: who was in it on a date.",
        schema="marketing",
    )
    op.drop_index(
        "segment_members_current_idx",
        table_name="segment_members",
        schema="marketing",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index(
        "segment_members_current_idx",
        "segment_members",
        ["segment_name", "member_key"],
        unique=True,
        schema="marketing",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.alter_column(
        "segment_members",
        "member_key",
        existing_type=sa.TEXT(collation="C"),
        comment="Who: key of what the segment addresses, a customer.",
        existing_comment="Who: key of what the segment addresses, an account, a cart or a newsletter entry.",
        existing_nullable=False,
        schema="marketing",
    )
    op.drop_column("segment_members", "channel_code", schema="marketing")
