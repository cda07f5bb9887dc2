-- grain: one row per open cart that is to be called about
-- time zone: instants are UTC; days are of 24 hours
-- currency: base currency of the cart
select
    abandoned.cart_key as subject_key,
    abandoned.channel_code,
    abandoned.last_activity_at as occasion_at,
    abandoned.abandoned_at as due_at,
    abandoned.grand_total_amount as amount,
    abandoned.base_currency_code as currency_code
from report.abandoned_carts as abandoned
inner join crm.carts as carts
    on abandoned.cart_key = carts.cart_key
where
    carts.status = 'open'
    and abandoned.status = 'open'
    and abandoned.is_contactable
    and not abandoned.is_recovered
    and abandoned.last_activity_at > :now - make_interval(days => :call_until_days)
    and abandoned.grand_total_amount * abandoned.base_to_reporting_rate >= :least_amount;
