-- The current month: of buyers whose value changed, and of everybody when the month is new. Then those are
-- named too who have no value any more: a full refresh, which is since 1970, takes out what is left of them.
with months as (
    select
        channels.channel_code,
        date_trunc('month', :now at time zone channels.timezone)::date as month_date,
        date_trunc('month', :refreshed_at at time zone channels.timezone)::date as refreshed_month_date
    from ops.channels as channels
)

select
    months.channel_code,
    touched.touched_key as buyer_key,
    months.month_date
from touched
inner join months
    on touched.channel_code = months.channel_code
union
select
    months.channel_code,
    customers.buyer_key,
    months.month_date
from report.customer_value as customers
inner join months
    on customers.channel_code = months.channel_code
where months.month_date <> months.refreshed_month_date
union
select
    months.channel_code,
    customers.customer_key as buyer_key,
    months.month_date
from crm.customers as customers
inner join months
    on customers.channel_code = months.channel_code
where months.month_date <> months.refreshed_month_date
