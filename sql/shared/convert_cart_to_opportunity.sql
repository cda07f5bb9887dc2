-- grain: none; a number
-- time zone: none
-- currency: none
create or replace function crm.convert_cart_to_opportunity(
    cart_key text,
    opportunity_name text default null,
    opportunity_owner text default null,
    notes text default null,
    made_by text default null
) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select crm.move_cart($1, 'convert_to_opportunity', $4, $2, $3, $5)
$$;

comment on function crm.convert_cart_to_opportunity(text, text, text, text, text) is
'Makes an opportunity of an open cart, to be sold by other means; its budget is the grand total of the cart.
Returns crm.cart_transitions.transition_id; refuses a cart that is not open.';

revoke all on function crm.convert_cart_to_opportunity(text, text, text, text, text) from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'crm_editor') then
        grant execute on function crm.convert_cart_to_opportunity(text, text, text, text, text)
        to crm_editor, crm_loader;
    end if;
end $$;
