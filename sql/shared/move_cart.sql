-- grain: none; a number
-- time zone: none
-- currency: none
-- One step of a cart that people of the CRM side take, behind crm.abandon_cart, crm.reopen_cart and
-- crm.convert_cart_to_opportunity; nobody else may call it. Status, history and what reports follow change
-- together, under the lock that every load of carts holds, so that neither overwrites what the other found.
create or replace function crm.move_cart(
    cart_key text,
    transition text,
    notes text,
    opportunity_name text,
    opportunity_owner text,
    made_by text
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for cart_key;
    step alias for transition;
    note alias for notes;
    cart record;
    channel text;
    target text;
    who text := crm.person_named(made_by, 'made_by');
    is_sold boolean := step = 'convert_to_opportunity';
    refused constant text := 'CRM01';
    waiting_id bigint;
    step_id bigint;
begin
    target := case step when 'abandon' then 'lost' when 'reopen' then 'open' else 'converted_to_opportunity' end;
    if length(note) > 65000 or length(opportunity_name) > 255 or length(opportunity_owner) > 255 then
        raise exception 'notes: notes are longer than 65000 characters, or a name is longer than 255'
        using errcode = refused, column = 'notes';
    end if;
    select carts.channel_code into channel from crm.carts as carts where carts.cart_key = asked;
    if channel is null then
        raise exception 'cart_key: no cart has this key' using errcode = refused, column = 'cart_key';
    end if;
    perform pg_advisory_xact_lock(hashtextextended(format('sync:%s:carts', channel), 0));
    -- As crm.request_change does: nobody asks for the cart to be ordered while it is given up.
    perform pg_advisory_xact_lock(hashtextextended(format('outbox:carts:%s', asked), 0));
    select carts.* into cart from crm.carts as carts where carts.cart_key = asked for update;
    if cart.status is null or not cart.status = any(
        case step when 'reopen' then array['lost', 'converted_to_opportunity'] else array['open'] end
    ) then
        raise exception 'cart_key: a cart that is % cannot be made %', coalesce(cart.status, 'not known yet'), target
        using errcode = refused, column = 'cart_key';
    end if;
    select min(waiting.outbox_id) into waiting_id
    from crm.outbox as waiting
    where waiting.channel_code = channel and waiting.record_key = asked and waiting.entity = 'carts'
        and waiting.state in ('pending', 'sending', 'unknown', 'conflict');
    if waiting_id is not null then
        raise exception 'cart_key: change % of the cart in the store waits or is at work: drop it, or wait for it',
            waiting_id
        using errcode = refused, column = 'cart_key';
    end if;
    if exists (
        select from ops.erased_records as erased
        where erased.entity = 'carts' and erased.record_key = asked
    ) then
        raise exception 'cart_key: its person was erased' using errcode = refused, column = 'cart_key';
    end if;

    insert into crm.carts_history (cart_key, valid_from, valid_to, status, last_open_at)
    select
        asked,
        coalesce(
            (select max(older.valid_to) from crm.carts_history as older where older.cart_key = asked),
            cart.first_seen_at
        ),
        now(), cart.status, cart.last_open_at
    on conflict do nothing;
    update crm.carts as carts set status = target, changed_at = now() where carts.cart_key = asked;
    insert into ops.touched (channel_code, subject, touched_key)
    select channel, 'cart', asked
    union all
    select channel, 'customer', cart.customer_key where cart.customer_key is not null;
    insert into crm.cart_transitions as steps (
        channel_code, cart_key, transition, status_before, status_after, notes, opportunity_name, opportunity_owner,
        budget_amount, budget_currency_code, made_by, made_login
    ) values (
        channel, asked, step, cart.status, target, nullif(btrim(note), ''),
        case when is_sold then coalesce(nullif(btrim(opportunity_name), ''), 'Cart ' || asked) end,
        case when is_sold then coalesce(nullif(btrim(opportunity_owner), ''), cart.owner_name) end,
        case when is_sold then cart.base_grand_total_amount end,
        case when is_sold then cart.base_currency_code end,
        who, session_user
    ) returning steps.transition_id into step_id;

    if step = 'reopen' then
        update crm.tasks as tasks set state = 'open', outcome = null, closed_at = null, closed_by = null
        where tasks.subject = 'cart' and tasks.subject_key = asked
            and tasks.outcome in ('lost', 'converted_to_opportunity');
    else
        update crm.tasks as tasks set state = 'closed', outcome = target, closed_at = now(), closed_by = who
        where tasks.subject = 'cart' and tasks.subject_key = asked and tasks.state = 'open';
    end if;
    return step_id;
end $$;

comment on function crm.move_cart(text, text, text, text, text, text) is
'One step of a cart: what abandon_cart, reopen_cart and convert_cart_to_opportunity have in common.';

revoke all on function crm.move_cart(text, text, text, text, text, text) from public;
