-- Each statement returns the rows that are wrong.

-- fail: Days whose orders do not add up to those of migration_orders.
select
    parity.old_channel_code,
    parity.new_channel_code,
    parity.order_date
from report.migration_parity as parity
group by
    parity.old_channel_code,
    parity.new_channel_code,
    parity.order_date
having
    sum(parity.old_order_count)
    <> sum(parity.same_order_count + parity.differing_order_count + parity.missing_order_count)
    or sum(parity.new_order_count)
    <> sum(parity.same_order_count + parity.differing_order_count + parity.added_order_count);

-- warn: Days on which orders of the old shop are missing in the new one or differ there.
select
    parity.old_channel_code,
    parity.new_channel_code,
    parity.order_date,
    parity.missing_order_count,
    parity.differing_order_count
from report.migration_parity as parity
where
    parity.missing_order_count > 0
    or parity.differing_order_count > 0
