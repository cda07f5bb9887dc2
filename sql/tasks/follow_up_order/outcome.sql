-- What became of orders that are to be followed up no longer.
select
    ending.task_id,
    case
        when
            exists (
                select contacts.order_contact_id
                from crm.order_contacts as contacts
                where
                    contacts.order_key = ending.subject_key
                    and contacts.outcome = 'reached'
            ) then 'contacted'
        when orders.state = 'canceled' then 'cancelled'
        when follow_up.order_key is null then 'too_late'
    end as outcome
from ending
inner join crm.orders as orders
    on ending.subject_key = orders.order_key
left join report.order_follow_up as follow_up
    on ending.subject_key = follow_up.order_key;
