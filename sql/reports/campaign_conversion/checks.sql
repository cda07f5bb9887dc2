-- Each statement returns the rows that are wrong, within the days that the refresh computed anew.

-- fail: More members who ordered than members, or more of them than orders.
select
    campaigns.channel_code,
    campaigns.segment_name,
    campaigns.export_date
from report.campaign_conversion as campaigns
inner join refresh_scope as scope
    on
        campaigns.channel_code = scope.channel_code
        and campaigns.segment_name = scope.segment_name
        and campaigns.export_date = scope.export_date
where
    campaigns.converted_count > campaigns.exported_count
    or campaigns.held_out_converted_count > campaigns.held_out_count
    or campaigns.converted_count > campaigns.order_count
    or campaigns.bought_cart_count > campaigns.converted_count;

-- warn: Campaigns that are compared with fewer than thirty members held out: chance decides then.
select
    campaigns.channel_code,
    campaigns.segment_name,
    campaigns.export_date,
    campaigns.held_out_count
from report.campaign_conversion as campaigns
inner join refresh_scope as scope
    on
        campaigns.channel_code = scope.channel_code
        and campaigns.segment_name = scope.segment_name
        and campaigns.export_date = scope.export_date
where campaigns.held_out_count between 1 and 29;
