-- grain: none; a number
-- time zone: none
-- currency: none
create or replace function crm.abandon_cart(cart_key text, notes text default null, made_by text default null)
returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select crm.move_cart($1, 'abandon', $2, null, null, $3)
$$;

comment on function crm.abandon_cart(text, text, text) is
'Gives an open cart up: its status is lost until it is reopened, or the store sells or closes it. Returns
crm.cart_transitions.transition_id; refuses a cart that is not open.';

revoke all on function crm.abandon_cart(text, text, text) from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'crm_editor') then
        grant execute on function crm.abandon_cart(text, text, text) to crm_editor, crm_loader;
    end if;
end $$;
