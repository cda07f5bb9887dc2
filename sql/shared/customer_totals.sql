-- grain: one row per customer and base currency used, and one in the reporting currency for whoever has a row
-- time zone: instants are UTC
-- currency: currency_code; where is_reporting_currency, each order and cart at its own rate
create or replace view crm.customer_totals as
with facts as (
    select
        orders.customer_key,
        orders.channel_code,
        orders.base_currency_code,
        orders.reporting_currency_code,
        orders.base_to_reporting_rate,
        'order' as kind,
        orders.source_created_at as happened_at,
        orders.base_revenue_amount as revenue_amount,
        orders.base_revenue_amount as net_amount,
        orders.base_grand_total_amount as grand_total_amount
    from crm.orders_that_count as orders
    where orders.customer_key is not null
    union all
    select
        refunds.customer_key,
        refunds.channel_code,
        refunds.base_currency_code,
        refunds.reporting_currency_code,
        refunds.base_to_reporting_rate,
        'refund' as kind,
        refunds.source_created_at as happened_at,
        refunds.base_refunded_revenue_amount as revenue_amount,
        -refunds.base_refunded_revenue_amount as net_amount,
        refunds.base_grand_total_amount as grand_total_amount
    from crm.refunds_that_count as refunds
    where refunds.customer_key is not null
    union all
    select
        carts.customer_key,
        carts.channel_code,
        carts.base_currency_code,
        channels.reporting_currency_code,
        case
            when carts.base_currency_code = channels.reporting_currency_code then 1
            when carts.global_currency_code = channels.reporting_currency_code then carts.base_to_global_rate
        end as base_to_reporting_rate,
        'cart' as kind,
        carts.source_updated_at as happened_at,
        0 as revenue_amount,
        0 as net_amount,
        coalesce(carts.base_grand_total_amount, 0) as grand_total_amount
    from crm.carts as carts
    inner join ops.channels as channels
        on carts.channel_code = channels.channel_code
    where
        channels.is_active
        and carts.status = 'open'
        and carts.deleted_at is null
        and carts.customer_key is not null
)

select
    facts.customer_key,
    facts.channel_code,
    sides.currency_code,
    sides.is_reporting_currency,
    count(*) filter (where facts.kind = 'order') as order_count,
    count(*) filter (where facts.kind = 'order' and sides.rate is null) as unconverted_order_count,
    min(facts.happened_at) filter (where facts.kind = 'order') as first_order_at,
    max(facts.happened_at) filter (where facts.kind = 'order') as last_order_at,
    coalesce(round(sum(facts.revenue_amount * sides.rate) filter (where facts.kind = 'order'), 4), 0)
        as lifetime_amount,
    coalesce(round(sum(facts.revenue_amount * sides.rate) filter (where facts.kind = 'refund'), 4), 0)
        as refund_amount,
    coalesce(round(sum(facts.net_amount * sides.rate), 4), 0) as lifetime_net_amount,
    coalesce(round(sum(facts.grand_total_amount * sides.rate) filter (where facts.kind = 'order'), 4), 0)
        as ordered_grand_total_amount,
    count(*) filter (where facts.kind = 'refund') as credit_memo_count,
    coalesce(round(sum(facts.grand_total_amount * sides.rate) filter (where facts.kind = 'refund'), 4), 0)
        as refunded_grand_total_amount,
    count(*) filter (where facts.kind = 'cart') as open_cart_count,
    count(*) filter (where facts.kind = 'cart' and sides.rate is null) as unconverted_open_cart_count,
    coalesce(round(sum(facts.grand_total_amount * sides.rate) filter (where facts.kind = 'cart'), 4), 0)
        as open_cart_amount
from facts
cross join
    lateral (
        values
        (coalesce(facts.base_currency_code, 'XXX'), false, 1),
        (facts.reporting_currency_code, true, facts.base_to_reporting_rate)
    ) as sides (currency_code, is_reporting_currency, rate)
group by
    facts.customer_key,
    facts.channel_code,
    sides.currency_code,
    sides.is_reporting_currency;

comment on view crm.customer_totals is
'One row per customer and base currency of their orders and open carts, and one in the reporting currency.';
comment on column crm.customer_totals.customer_key is
'The customer, registered or guest; key of crm.customers.';
comment on column crm.customer_totals.channel_code is 'The channel they came through.';
comment on column crm.customer_totals.currency_code is
'Currency of the amounts, ISO 4217; XXX where the store sent none.';
comment on column crm.customer_totals.is_reporting_currency is
'true: everything, in the reporting currency; false: what was done in this base currency. Never add the two.';
comment on column crm.customer_totals.order_count is 'Orders that count.';
comment on column crm.customer_totals.unconverted_order_count is
'Of these, orders without a rate to this currency; they are in no amount.';
comment on column crm.customer_totals.first_order_at is
'The first of these orders (UTC). NULL: none, or none has a date.';
comment on column crm.customer_totals.last_order_at is
'The last of these orders (UTC). NULL: none, or none has a date.';
comment on column crm.customer_totals.lifetime_amount is
'Subtotal less discount of the orders that count, without tax and shipping.';
comment on column crm.customer_totals.refund_amount is
'What credit memos took back of it: lines less discount and their adjustment.';
comment on column crm.customer_totals.lifetime_net_amount is 'lifetime_amount less refund_amount.';
comment on column crm.customer_totals.ordered_grand_total_amount is
'What these orders came to, tax and shipping included.';
comment on column crm.customer_totals.credit_memo_count is 'Credit memos of these orders.';
comment on column crm.customer_totals.refunded_grand_total_amount is
'What was paid back by them in all, tax and shipping included.';
comment on column crm.customer_totals.open_cart_count is 'Carts still open.';
comment on column crm.customer_totals.unconverted_open_cart_count is
'Of these, carts without a rate to this currency; they are in no amount.';
comment on column crm.customer_totals.open_cart_amount is
'What the open carts come to, with tax and shipping as far as known.';
