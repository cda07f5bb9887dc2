-- What became of carts that are to be called about no longer.
select
    ending.task_id,
    case
        when carts.status <> 'open' then carts.status
        when abandoned.is_recovered then 'recovered'
        when abandoned.last_activity_at > ending.occasion_at then 'taken_up_again'
        when ending.occasion_at <= :now - make_interval(days => :call_until_days) then 'too_late'
    end as outcome
from ending
inner join crm.carts as carts
    on ending.subject_key = carts.cart_key
left join report.abandoned_carts as abandoned
    on ending.subject_key = abandoned.cart_key;
