-- grain: one row per channel and account by what it bought
-- time zone: days are counted in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with bought as (
    select distinct
        orders.channel_code,
        orders.buyer_key,
        ' / ' || lower(categories.category_name) || ' / ' as category_path
    from report.sales_orders as orders
    inner join ops.channels as channels
        on orders.channel_code = channels.channel_code
    inner join report.sales_lines as sales_lines
        on orders.order_key = sales_lines.order_key
    inner join report.product_leaf_categories as categories
        on sales_lines.product_key = categories.product_key
    where
        orders.is_identified
        and categories.category_name is not null
        and orders.order_date > (:now at time zone channels.timezone)::date - :within_days
),

habits as (
    select
        bought.channel_code,
        bought.buyer_key
    from bought
    group by
        bought.channel_code,
        bought.buyer_key
    having
        bool_or(strpos(bought.category_path, ' / ' || lower(:category) || ' / ') > 0)
        and (
            :other_category = ''
            or not bool_or(strpos(bought.category_path, ' / ' || lower(:other_category) || ' / ') > 0)
        )
)

select buyers.*
from buyers
inner join habits
    on
        buyers.channel_code = habits.channel_code
        and buyers.account_key = habits.buyer_key
