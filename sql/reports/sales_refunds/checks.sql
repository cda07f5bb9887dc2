-- Each statement returns the rows that are wrong.

-- fail: Memos in another base currency than their order: two currencies would be added.
select
    memos.credit_memo_key,
    memos.base_currency_code
from crm.credit_memos as memos
inner join refresh_scope as scope
    on memos.order_key = scope.touched_key
inner join report.sales_refunds as refunds
    on memos.credit_memo_key = refunds.credit_memo_key
where memos.base_currency_code <> refunds.base_currency_code;

-- warn: Memos of which the currency, or that of their order, is not known.
select memos.credit_memo_key
from crm.credit_memos as memos
inner join refresh_scope as scope
    on memos.order_key = scope.touched_key
inner join report.sales_refunds as refunds
    on memos.credit_memo_key = refunds.credit_memo_key
where
    memos.base_currency_code is null
    or refunds.base_currency_code is null;

-- warn: Refunds without a date, which belong to no day.
select refunds.credit_memo_key
from report.sales_refunds as refunds
where refunds.refund_date is null;

-- warn: Orders of which more was given back than the buyer owed.
select
    refunds.order_key,
    sum(refunds.grand_total_amount) as refunded_amount,
    min(orders.grand_total_amount) as owed_amount
from report.sales_refunds as refunds
inner join refresh_scope as scope
    on refunds.order_key = scope.touched_key
inner join report.sales_orders as orders
    on refunds.order_key = orders.order_key
group by refunds.order_key
having sum(refunds.grand_total_amount) > min(orders.grand_total_amount) + 0.01;
