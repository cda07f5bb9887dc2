-- Each statement returns the rows that are wrong, within the buyers that the refresh computed anew.

-- fail: Rows of the current month that do not say what customer_value says.
select
    customers.channel_code,
    customers.buyer_key,
    history.month_date,
    history.rfm_label as kept_label,
    customers.rfm_label
from refresh_scope as scope
inner join report.customer_value as customers
    on
        scope.channel_code = customers.channel_code
        and scope.buyer_key = customers.buyer_key
        and customers.is_reporting_currency
left join report.rfm_history as history
    on
        scope.channel_code = history.channel_code
        and scope.buyer_key = history.buyer_key
        and scope.month_date = history.month_date
where
    (history.recency_score, history.frequency_score, history.monetary_score, history.lifetime_amount)
    is distinct from (
        customers.recency_score,
        customers.frequency_score,
        customers.monetary_score,
        customers.lifetime_amount
    );
