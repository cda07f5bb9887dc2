-- Each statement returns the rows that are wrong.

-- fail: Tenths that differ in size by more than one buyer.
select
    deciles.channel_code,
    min(deciles.customer_count) as least_customer_count,
    max(deciles.customer_count) as greatest_customer_count
from report.customer_concentration as deciles
group by deciles.channel_code
having max(deciles.customer_count) - min(deciles.customer_count) > 1;

-- fail: A better tenth whose buyers brought in less than those of the next.
select
    better.channel_code,
    better.decile
from report.customer_concentration as better
inner join report.customer_concentration as worse
    on
        better.channel_code = worse.channel_code
        and better.decile + 1 = worse.decile
where better.least_lifetime_amount < worse.greatest_lifetime_amount;
