-- Each statement returns the rows that are wrong.

-- fail: Orders listed before they are due or after their time.
select follow_up.order_key
from report.order_follow_up as follow_up
where
    follow_up.due_at > :now
    or follow_up.expires_at <= :now;

-- fail: Orders listed that do not count.
select follow_up.order_key
from report.order_follow_up as follow_up
left join report.sales_orders as orders
    on follow_up.order_key = orders.order_key
where orders.order_key is null;

-- warn: Orders of which everything was taken back: look before you ask.
select follow_up.order_key
from report.order_follow_up as follow_up
where
    follow_up.refunded_amount >= follow_up.revenue_amount
    and follow_up.refunded_amount > 0
