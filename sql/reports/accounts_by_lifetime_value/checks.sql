-- Each statement returns the rows that are wrong, within the buyers that the refresh computed anew.

-- fail: Accounts whose lifetime value is not the sum over their channels.
with summed as (
    select
        customers.buyer_key,
        customers.currency_code,
        sum(customers.lifetime_amount) as lifetime_amount
    from report.customer_value as customers
    inner join refresh_scope as scope
        on customers.buyer_key = scope.touched_key
    where customers.is_reporting_currency
    group by
        customers.buyer_key,
        customers.currency_code
)

select
    summed.buyer_key,
    summed.currency_code,
    accounts.lifetime_amount as reported_lifetime_amount,
    summed.lifetime_amount as counted_lifetime_amount
from summed
left join report.accounts_by_lifetime_value as accounts
    on
        summed.buyer_key = accounts.buyer_key
        and summed.currency_code = accounts.reporting_currency_code
where accounts.lifetime_amount is distinct from summed.lifetime_amount;

-- warn: Accounts that got back more than they brought in.
select
    accounts.buyer_key,
    accounts.reporting_currency_code,
    accounts.lifetime_net_amount
from report.accounts_by_lifetime_value as accounts
inner join refresh_scope as scope
    on accounts.buyer_key = scope.touched_key
where accounts.lifetime_net_amount < -0.01;
