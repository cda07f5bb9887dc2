-- grain: none; a rule
-- time zone: none
-- currency: none
-- Who is held out of a segment's exports follows from the mailbox and the segment alone: the same person
-- tomorrow, with another cart and after accounts were joined; another one in another segment.
-- include/segments/hold_out.py says the same.
create or replace function marketing.is_held_out(
    segment_name text, email_normalised text, hold_out_pct bigint
)
returns boolean
language sql immutable parallel safe as $$
select (
    'x' || left(
        md5(
            segment_name || ':' || case
                when email_normalised ~ '@(gmail|googlemail)[.]com$'
                    then replace(split_part(regexp_replace(email_normalised, '@[^@]*$', ''), '+', 1), '.', '')
                        || regexp_replace(email_normalised, '^.*@', '@')
                else email_normalised
            end
        ),
        8
    )
)::bit(32)::bigint % 100 < hold_out_pct
$$;

comment on function marketing.is_held_out(text, text, bigint) is
'Whether whoever has an address is never exported with a segment, so that a campaign''s effect can be told.';
