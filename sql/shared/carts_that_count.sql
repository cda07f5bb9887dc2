-- grain: one row per cart of an active channel that the warehouse knows
-- time zone: cart_date is the day in the channel's zone; instants are UTC
-- currency: base_ amounts in base_currency_code
create or replace view crm.carts_that_count as
select
    carts.cart_key,
    carts.channel_code,
    carts.store_key,
    carts.customer_key,
    carts.status,
    carts.source_created_at,
    (carts.source_created_at at time zone channels.timezone)::date as cart_date,
    coalesce(carts.source_updated_at, carts.source_created_at, carts.first_seen_at) as last_activity_at,
    coalesce(carts.item_count, 0) as item_count,
    coalesce(carts.items_qty, 0) as item_qty,
    coalesce(carts.items_qty, 0) > 0 as has_items,
    carts.customer_id is not null
    or carts.customer_email_normalised is not null
    or exists (
        select addresses.cart_address_key
        from crm.cart_addresses as addresses
        where
            addresses.cart_key = carts.cart_key
            and addresses.deleted_at is null
            and (addresses.email is not null or addresses.telephone is not null)
    ) as has_contact,
    carts.customer_email_normalised,
    carts.base_currency_code,
    coalesce(carts.base_discounted_subtotal_amount, carts.base_subtotal_amount, 0) as base_revenue_amount,
    coalesce(carts.base_grand_total_amount, 0) as base_grand_total_amount,
    channels.reporting_currency_code,
    case
        when carts.base_currency_code = channels.reporting_currency_code then 1
        when carts.global_currency_code = channels.reporting_currency_code then carts.base_to_global_rate
    end as base_to_reporting_rate,
    case
        when coalesce(carts.is_active, true) and carts.converted_at is null
            then coalesce(carts.source_updated_at, carts.source_created_at, carts.first_seen_at)
    end as last_open_at,
    case
        when carts.status = 'expired'
            then coalesce(case when not carts.is_active then carts.source_updated_at end, carts.deleted_at)
    end as closed_at
from crm.carts as carts
inner join ops.channels as channels
    on carts.channel_code = channels.channel_code
where channels.is_active;

comment on view crm.carts_that_count is
'One row per cart of an active channel that the warehouse knows, bought and expired ones among them.';
comment on column crm.carts_that_count.cart_key is 'The cart; key of crm.carts.';
comment on column crm.carts_that_count.channel_code is 'The channel.';
comment on column crm.carts_that_count.store_key is
'Store view; key of crm.stores. NULL once the view was deleted.';
comment on column crm.carts_that_count.customer_key is
'Whose it is; key of crm.customers. NULL as long as nobody has typed an e-mail.';
comment on column crm.carts_that_count.status is
'open, purchased, expired, lost or converted_to_opportunity, as in crm.carts.';
comment on column crm.carts_that_count.source_created_at is
'When it was begun (UTC). NULL where the store has no date.';
comment on column crm.carts_that_count.cart_date is
'Day it was begun on, in the channel''s time zone. NULL where the store has no date.';
comment on column crm.carts_that_count.last_activity_at is
'When it last changed in the store (UTC), else when it was begun, else when it first reached the warehouse.';
comment on column crm.carts_that_count.item_count is 'Lines without a parent line.';
comment on column crm.carts_that_count.item_qty is 'Pieces in it, child lines not counted.';
comment on column crm.carts_that_count.has_items is 'Whether something is in it.';
comment on column crm.carts_that_count.has_contact is
'Whether the buyer is registered, or has typed an e-mail or telephone number.';
comment on column crm.carts_that_count.customer_email_normalised is
'E-mail typed, or of the customer, to compare by. NULL: none, or erased.';
comment on column crm.carts_that_count.base_currency_code is
'Currency of the base_ amounts. NULL where the store sent none.';
comment on column crm.carts_that_count.base_revenue_amount is
'Subtotal less discount, without tax and shipping, in base currency.';
comment on column crm.carts_that_count.base_grand_total_amount is
'What the buyer would owe in all, in base currency.';
comment on column crm.carts_that_count.reporting_currency_code is
'The channel''s currency for sums across stores.';
comment on column crm.carts_that_count.base_to_reporting_rate is
'Reporting currency per base unit when the cart last changed. NULL: there is no rate to it.';
comment on column crm.carts_that_count.last_open_at is
'The same, of carts that the store still offers, or did when it dropped them. NULL: bought, or closed.';
comment on column crm.carts_that_count.closed_at is
'When the store closed it, or it was found gone (UTC). NULL: not expired, or the store has no date.';
