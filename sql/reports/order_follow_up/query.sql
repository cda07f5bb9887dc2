-- grain: one row per order that is to be followed up
-- time zone: instants are UTC; days are of 24 hours
-- currency: base currency of the order
select
    orders.order_key,
    orders.channel_code,
    orders.store_key,
    orders.buyer_key,
    case
        when contacts.contacted_at is not null then 'contacted'
        when contacts.contact_count > 0 then 'no_answer'
        else 'not_contacted'
    end as follow_up_state,
    contacts.contacted_at,
    contacts.contact_count,
    orders.ordered_at,
    orders.ordered_at + make_interval(days => :follow_up_after_days) as due_at,
    orders.ordered_at + make_interval(days => :follow_up_until_days) as expires_at,
    orders.order_number_of_buyer = 1 as is_first_order,
    orders.base_currency_code,
    orders.revenue_amount,
    orders.refunded_amount
from report.sales_orders as orders
inner join refresh_scope as scope
    on orders.order_key = scope.order_key
inner join crm.orders as crm_orders
    on orders.order_key = crm_orders.order_key
inner join crm.customers as customers
    on crm_orders.customer_key = customers.customer_key
left join lateral (
    select
        max(recorded.contacted_at) filter (where recorded.outcome = 'reached') as contacted_at,
        count(*) as contact_count
    from crm.order_contacts as recorded
    where recorded.order_key = orders.order_key
) as contacts on true
where
    orders.is_identified
    and customers.deleted_at is null
    and coalesce(customers.email_normalised, crm_orders.customer_email_normalised) is not null
    and orders.ordered_at <= :now - make_interval(days => :follow_up_after_days)
    and orders.ordered_at > :now - make_interval(days => :follow_up_until_days)
