-- grain: none; a rule
-- time zone: none
-- currency: none
-- Who is held out of a segment's exports follows from the member and the segment alone: the same member
-- tomorrow, another one in another segment. include/segments/hold_out.py says the same.
create or replace function marketing.is_held_out(segment_name text, member_key text, hold_out_pct bigint)
returns boolean
language sql immutable parallel safe as $$
select (('x' || left(md5(segment_name || ':' || member_key), 8))::bit(32)::bigint % 100) < hold_out_pct
$$;

comment on function marketing.is_held_out(text, text, bigint) is
'Whether a member of a segment is never exported, so that a campaign''s effect can be told.';
