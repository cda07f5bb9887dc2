-- Each statement returns the rows that are wrong.

-- fail: Orders of a replaced channel that are in no row, or in several.
select
    orders.order_key,
    count(compared.order_number) as row_count
from ops.channels as channels
inner join crm.orders as orders
    on channels.replaces_channel_code = orders.channel_code
left join report.migration_orders as compared
    on
        orders.order_key = compared.old_order_key
        and channels.channel_code = compared.new_channel_code
where orders.deleted_at is null
group by
    channels.channel_code,
    orders.order_key
having count(compared.order_number) <> 1
