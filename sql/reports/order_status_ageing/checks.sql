-- Each statement returns the rows that are wrong.

-- fail: Open orders without an age although they have a date.
select ageing.order_key
from report.order_status_ageing as ageing
inner join refresh_scope as scope
    on ageing.order_key = scope.order_key
where (ageing.open_days_from is null) <> (ageing.ordered_at is null);

-- fail: Orders that are done and still listed as open.
select ageing.order_key
from report.order_status_ageing as ageing
inner join refresh_scope as scope
    on ageing.order_key = scope.order_key
inner join crm.orders as orders
    on ageing.order_key = orders.order_key
where orders.state in ('complete', 'closed', 'canceled');

-- warn: Orders that have been open for 90 days or more: ask the store whether they are to be closed.
select
    ageing.order_key,
    ageing.state,
    ageing.order_date
from report.order_status_ageing as ageing
where ageing.open_days_from = 90
