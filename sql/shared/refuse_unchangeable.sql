-- grain: none; nothing
-- time zone: none
-- currency: none
-- Refuses what may not be changed in a store, whatever is wanted of it.
create or replace function crm.refuse_unchangeable(
    kind text, target_table text, target_row jsonb
) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    problem text;
begin
    problem := case
        when target_row is null or target_row ->> 'deleted_at' is not null
            then format('no %s has this key, or it is gone from the store', target_table)
        when target_table = 'customers' and (target_row ->> 'is_guest')::boolean and kind <> 'cart_create'
            then 'a guest has no account in the store that could be changed'
        when target_table = 'customers' and (target_row ->> 'is_guest')::boolean and (
            target_row ->> 'email' is null or target_row ->> 'first_name' is null or target_row ->> 'last_name' is null
        ) then 'nobody knows the guest''s name or e-mail; cart_create_for_guest takes them'
        when target_table = 'newsletter_subscribers' and (target_row ->> 'newsletter_subscriber_id')::bigint < 0
            then 'Magento 2 takes the newsletter state of customers only, and this entry is a guest''s'
        when target_table = 'carts' and target_row ->> 'status' is distinct from 'open'
            then format('the cart is not open, it is %s', coalesce(target_row ->> 'status', 'not judged yet'))
        when target_table = 'carts' and (target_row ->> 'is_multi_shipping')::boolean
            then 'the cart goes to several addresses, which only its buyer can order'
    end;
    if problem is not null then
        raise exception 'target: %', problem using errcode = 'CRM01', column = 'target';
    end if;
end $$;

comment on function crm.refuse_unchangeable(text, text, jsonb) is
'Refuses what may not be changed in a store, for crm.request_change.';
