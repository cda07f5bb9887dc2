-- Each statement returns the rows that are wrong, within the days that the refresh computed anew.

-- fail: A day's reasons do not add up to what its credit memos gave back.
with reported as (
    select
        refunds.channel_code,
        refunds.refund_date,
        refunds.base_currency_code,
        sum(refunds.refunded_amount) filter (where refunds.is_revenue) as revenue_amount,
        sum(refunds.refunded_amount) as grand_total_amount
    from report.refunds as refunds
    inner join refresh_scope as scope
        on
            refunds.channel_code = scope.channel_code
            and refunds.refund_date = scope.refund_date
    group by
        refunds.channel_code,
        refunds.refund_date,
        refunds.base_currency_code
),

counted as (
    select
        refunds.channel_code,
        refunds.refund_date,
        refunds.base_currency_code,
        sum(refunds.refunded_amount) as revenue_amount,
        sum(refunds.grand_total_amount) as grand_total_amount
    from report.sales_refunds as refunds
    inner join refresh_scope as scope
        on
            refunds.channel_code = scope.channel_code
            and refunds.refund_date = scope.refund_date
    group by
        refunds.channel_code,
        refunds.refund_date,
        refunds.base_currency_code
)

select
    counted.channel_code,
    counted.refund_date,
    counted.base_currency_code,
    counted.revenue_amount,
    reported.revenue_amount as reported_revenue_amount,
    counted.grand_total_amount,
    reported.grand_total_amount as reported_grand_total_amount
from counted
left join reported
    on
        counted.channel_code = reported.channel_code
        and counted.refund_date = reported.refund_date
        and coalesce(counted.base_currency_code, '') = coalesce(reported.base_currency_code, '')
where
    counted.revenue_amount <> coalesce(reported.revenue_amount, 0)
    or counted.grand_total_amount <> coalesce(reported.grand_total_amount, 0);

-- warn: Days on which memos took back something else than their lines and adjustments say.
select
    refunds.channel_code,
    refunds.store_key,
    refunds.refund_date,
    refunds.refunded_amount
from report.refunds as refunds
inner join refresh_scope as scope
    on
        refunds.channel_code = scope.channel_code
        and refunds.refund_date = scope.refund_date
where
    refunds.reason = 'not_by_line'
    and abs(refunds.refunded_amount) > 0.01 * refunds.refund_count
