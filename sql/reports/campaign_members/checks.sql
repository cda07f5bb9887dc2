-- Each statement returns the rows that are wrong, within the stays that the refresh computed anew.

-- fail: Members in a campaign whose segment they were not in when it was exported.
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
where
    not exists (
        select members.membership_id
        from marketing.segment_members as members
        where
            members.segment_name = campaigns.segment_name
            and members.channel_code = campaigns.channel_code
            and members.member_key = campaigns.member_key
            and members.entered_at <= campaigns.exported_at
    );
