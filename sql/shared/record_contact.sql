-- grain: none; a number
-- time zone: none
-- currency: none
-- A buyer who was reached is asked no more: the order's open tasks end with it.
create or replace function crm.record_contact(
    order_key text,
    feedback text default null,
    notes text default null,
    outcome text default 'reached',
    contacted_at timestamptz default now(),
    made_by text default null
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for order_key;
    said alias for feedback;
    note alias for notes;
    result alias for outcome;
    spoken_at alias for contacted_at;
    channel text;
    who text := crm.person_named(made_by, 'made_by');
    refused constant text := 'CRM01';
    contact_id bigint;
begin
    select orders.channel_code into channel from crm.orders as orders where orders.order_key = asked;
    if channel is null then
        raise exception 'order_key: no order has this key' using errcode = refused, column = 'order_key';
    end if;
    if exists (
        select from ops.erased_records as erased
        where erased.entity = 'orders' and erased.record_key = asked
    ) then
        raise exception 'order_key: its person was erased' using errcode = refused, column = 'order_key';
    end if;
    if result is null or result not in ('reached', 'no_answer') then
        raise exception 'outcome: it has to be reached or no_answer' using errcode = refused, column = 'outcome';
    end if;
    if spoken_at is null or spoken_at > now() + interval '5 minutes' then
        raise exception 'contacted_at: it is missing, or has not come yet'
        using errcode = refused, column = 'contacted_at';
    end if;
    if length(said) > 65000 or length(note) > 65000 then
        raise exception 'feedback: feedback or notes are longer than 65000 characters'
        using errcode = refused, column = 'feedback';
    end if;

    insert into crm.order_contacts as contacts (
        channel_code, order_key, outcome, feedback, notes, contacted_at, made_by, made_login
    ) values (
        channel, asked, result, nullif(btrim(said), ''), nullif(btrim(note), ''), spoken_at, who, session_user
    ) returning contacts.order_contact_id into contact_id;
    insert into ops.touched (channel_code, subject, touched_key) values (channel, 'order', asked);
    update crm.tasks as tasks set state = 'closed', outcome = 'contacted', closed_at = now(), closed_by = who
    where result = 'reached' and tasks.subject = 'order' and tasks.subject_key = asked and tasks.state = 'open';
    return contact_id;
end $$;

comment on function crm.record_contact(text, text, text, text, timestamptz, text) is
'Notes that the buyer of an order was contacted: feedback, notes, outcome (reached, no_answer), contacted_at.
Returns crm.order_contacts.order_contact_id; report.order_follow_up reads it.';

revoke all on function crm.record_contact(text, text, text, text, timestamptz, text) from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'crm_editor') then
        grant execute on function crm.record_contact(text, text, text, text, timestamptz, text)
        to crm_editor, crm_loader;
    end if;
end $$;
