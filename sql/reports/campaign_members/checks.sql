-- Each statement returns the rows that are wrong, within the stays that the refresh computed anew.

-- fail: Members whose export is a day or more in the future.
select
    campaigns.channel_code,
    campaigns.segment_name,
    campaigns.member_key,
    campaigns.exported_at
from report.campaign_members as campaigns
inner join refresh_scope as scope
    on
        campaigns.channel_code = scope.channel_code
        and campaigns.segment_name = scope.segment_name
        and campaigns.member_key = scope.member_key
        and campaigns.exported_at = scope.exported_at
where campaigns.exported_at > :now + interval '1 day';
