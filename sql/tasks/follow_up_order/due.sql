-- grain: one row per order whose buyer is to be asked
-- time zone: instants are UTC
-- currency: base currency of the order
select
    follow_up.order_key as subject_key,
    follow_up.channel_code,
    follow_up.ordered_at as occasion_at,
    follow_up.due_at,
    follow_up.revenue_amount as amount,
    follow_up.base_currency_code as currency_code
from report.order_follow_up as follow_up
where
    follow_up.expires_at > :now
    and (follow_up.is_first_order or not :only_first_orders)
    and follow_up.refunded_amount < greatest(follow_up.revenue_amount, 0.0001)
    and not exists (
        select contacts.order_contact_id
        from crm.order_contacts as contacts
        where
            contacts.order_key = follow_up.order_key
            and contacts.outcome = 'reached'
    );
