-- grain: one row per channel, segment, member and first delivered export of the member's stay
-- time zone: export_date is the day in the channel's zone; instants are UTC
-- currency: none
with delivered as (
    select
        exports.segment_name,
        exports.delivered_at as exported_at,
        max(exports.campaign_code) as campaign_code,
        max(exports.consent_basis) as consent_basis,
        max((exports.manifest_json ->> 'hold_out_pct')::bigint) as hold_out_pct,
        max(exports.manifest_json ->> 'addresses') as addresses
    from marketing.exports as exports
    where exports.delivered_at is not null
    group by
        exports.segment_name,
        exports.delivered_at
),

members as (
    select
        scope.channel_code,
        scope.segment_name,
        scope.member_key,
        scope.exported_at,
        delivered.campaign_code,
        delivered.consent_basis,
        delivered.addresses,
        delivered.hold_out_pct
    from refresh_scope as scope
    inner join delivered
        on
            scope.segment_name = delivered.segment_name
            and scope.exported_at = delivered.exported_at
),

recipients as (
    select
        members.*,
        people.customer_key,
        people.email_normalised,
        people.consent_state,
        -- Who has left the list since was on it then; who has joined since was not.
        coalesce(people.consent_at > members.exported_at, false) as has_changed_since
    from members
    cross join
        lateral (
            select
                accounts.customer_key,
                accounts.email_normalised,
                accounts.consent_state,
                accounts.consent_at
            from marketing.account_recipients as accounts
            where
                members.addresses = 'account'
                and accounts.channel_code = members.channel_code
                and accounts.member_key = members.member_key
            union all
            select
                carts.customer_key,
                carts.email_normalised,
                carts.consent_state,
                carts.consent_at
            from marketing.cart_recipients as carts
            where
                members.addresses = 'cart'
                and carts.channel_code = members.channel_code
                and carts.member_key = members.member_key
            union all
            select
                subscribers.customer_key,
                subscribers.email_normalised,
                subscribers.consent_state,
                subscribers.consent_at
            from marketing.subscriber_recipients as subscribers
            where
                members.addresses = 'subscriber'
                and subscribers.channel_code = members.channel_code
                and subscribers.member_key = members.member_key
        ) as people
)

select
    recipients.channel_code,
    recipients.segment_name,
    recipients.member_key,
    recipients.exported_at,
    (recipients.exported_at at time zone channels.timezone)::date as export_date,
    marketing.is_held_out(
        recipients.segment_name, recipients.email_normalised, coalesce(recipients.hold_out_pct, 0)
    ) as is_held_out,
    recipients.campaign_code,
    recipients.customer_key
from recipients
inner join ops.channels as channels
    on recipients.channel_code = channels.channel_code
where
    channels.is_active
    -- Whoever said no is in no file, also where nobody has to be asked.
    and (recipients.has_changed_since or recipients.consent_state is distinct from 'unsubscribed')
    and (
        recipients.consent_basis <> 'newsletter'
        or (recipients.has_changed_since and recipients.consent_state = 'unsubscribed')
        or (not recipients.has_changed_since and recipients.consent_state = 'subscribed')
    )
