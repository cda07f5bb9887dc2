-- Each statement returns the rows that are wrong.

-- fail: Shares above one hundred, or a mean or median time longer than was waited.
select
    repeats.channel_code,
    repeats.order_number,
    repeats.within_days,
    repeats.repeat_pct,
    repeats.mean_days_to_next_qty
from report.repeat_purchase as repeats
where
    repeats.repeat_pct not between 0 and 100
    or repeats.mean_days_to_next_qty > repeats.within_days
    or repeats.median_days_to_next_qty > repeats.within_days;

-- warn: Second orders older than first ones are more than them: orders are numbered wrongly.
select
    seconds.channel_code,
    seconds.within_days
from report.repeat_purchase as seconds
left join report.repeat_purchase as firsts
    on
        seconds.channel_code = firsts.channel_code
        and seconds.within_days = firsts.within_days
        and firsts.order_number = 1
where
    seconds.order_number = 2
    and seconds.order_count > coalesce(firsts.order_count, 0);
