-- Each statement returns the rows that are wrong, within the buyers that the refresh computed anew.

-- fail: Orders from before the export they are said to follow, or that do not count.
select
    followers.segment_name,
    followers.order_key
from report.campaign_orders as followers
inner join refresh_scope as scope
    on followers.buyer_key = scope.buyer_key
left join report.sales_orders as orders
    on followers.order_key = orders.order_key
where
    orders.order_key is null
    or not exists (
        select members.member_key
        from report.campaign_members as members
        where
            members.channel_code = followers.channel_code
            and members.segment_name = followers.segment_name
            and members.member_key = followers.member_key
            and members.exported_at < orders.ordered_at
    );

-- warn: Orders after campaigns that have no rate to the reporting currency: their amounts are in no sum.
select
    followers.segment_name,
    followers.order_key
from report.campaign_orders as followers
inner join refresh_scope as scope
    on followers.buyer_key = scope.buyer_key
where followers.revenue_amount is null;
