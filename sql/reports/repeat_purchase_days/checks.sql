-- Each statement returns the rows that are wrong.

-- fail: Orders of a day differ from the orders that count and name their buyer.
with reported as (
    select
        days.channel_code,
        days.order_date,
        sum(days.order_count) as order_count
    from report.repeat_purchase_days as days
    inner join refresh_scope as scope
        on
            days.channel_code = scope.channel_code
            and days.order_date = scope.scope_date
    group by
        days.channel_code,
        days.order_date
),

counted as (
    select
        orders.channel_code,
        orders.order_date,
        count(*) as order_count
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.order_date = scope.scope_date
    where orders.is_identified
    group by
        orders.channel_code,
        orders.order_date
)

select
    coalesce(reported.channel_code, counted.channel_code) as channel_code,
    coalesce(reported.order_date, counted.order_date) as order_date,
    reported.order_count as reported_count,
    counted.order_count as counted_count
from reported
full outer join counted
    on
        reported.channel_code = counted.channel_code
        and reported.order_date = counted.order_date
where coalesce(reported.order_count, 0) <> coalesce(counted.order_count, 0);

-- fail: Orders followed after more than 365 days, or whose exact times do not fit the days.
select
    days.channel_code,
    days.order_date,
    days.order_number,
    days.days_to_next,
    days.time_to_next_qty
from report.repeat_purchase_days as days
inner join refresh_scope as scope
    on
        days.channel_code = scope.channel_code
        and days.order_date = scope.scope_date
where
    days.days_to_next not between 0 and 365
    or days.time_to_next_qty > coalesce(days.days_to_next, 0) * days.order_count;
