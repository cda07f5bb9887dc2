-- Each statement returns the rows that are wrong, within the days that the refresh computed anew.
-- Sums are held against the days in sql/checks/parts_add_up.sql.

-- fail: Rows without an order, or with more orders refunded than made.
select
    methods.channel_code,
    methods.store_key,
    methods.sales_date,
    methods.order_count,
    methods.refunded_order_count
from report.payment_and_shipping_methods as methods
inner join refresh_scope as scope
    on
        methods.channel_code = scope.channel_code
        and methods.sales_date = scope.scope_date
where
    methods.order_count < 1
    or methods.refunded_order_count > methods.order_count;

-- warn: Orders of which it is not known how they were paid.
select
    methods.channel_code,
    methods.store_key,
    methods.sales_date,
    methods.order_count
from report.payment_and_shipping_methods as methods
inner join refresh_scope as scope
    on
        methods.channel_code = scope.channel_code
        and methods.sales_date = scope.scope_date
where methods.payment_method is null
