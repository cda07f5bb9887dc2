-- The days on which refunds of the orders touched are, and those on which they were.
select
    touched.channel_code,
    touched.touched_key::date as refund_date
from touched
where
    touched.subject = 'sales_refunds.refund_date'
    and touched.touched_key <> ''
union
select
    refunds.channel_code,
    refunds.refund_date
from touched
inner join report.sales_refunds as refunds
    on touched.touched_key = refunds.order_key
where
    touched.subject = 'order'
    and refunds.refund_date is not null
