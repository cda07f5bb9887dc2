-- Each statement returns the rows that are wrong, within the days that the refresh computed anew.

-- fail: Days whose abandoned carts differ in number from report.abandoned_carts.
with reported as (
    select
        rates.channel_code,
        rates.cart_date,
        sum(rates.abandoned_cart_count) as cart_count
    from report.abandoned_cart_rate as rates
    inner join refresh_scope as scope
        on
            rates.channel_code = scope.channel_code
            and rates.cart_date = scope.cart_date
    group by
        rates.channel_code,
        rates.cart_date
),

listed as (
    select
        abandoned.channel_code,
        abandoned.cart_date,
        count(*) filter (where abandoned.status <> 'purchased') as cart_count
    from report.abandoned_carts as abandoned
    inner join refresh_scope as scope
        on
            abandoned.channel_code = scope.channel_code
            and abandoned.cart_date = scope.cart_date
    group by
        abandoned.channel_code,
        abandoned.cart_date
)

select
    coalesce(reported.channel_code, listed.channel_code) as channel_code,
    coalesce(reported.cart_date, listed.cart_date) as cart_date,
    reported.cart_count as reported_count,
    listed.cart_count as listed_count
from reported
full outer join listed
    on
        reported.channel_code = listed.channel_code
        and reported.cart_date = listed.cart_date
where coalesce(reported.cart_count, 0) <> coalesce(listed.cart_count, 0);

-- fail: Days on which more carts were bought after they had been left than were bought at all.
select
    rates.channel_code,
    rates.store_key,
    rates.cart_date
from report.abandoned_cart_rate as rates
inner join refresh_scope as scope
    on
        rates.channel_code = scope.channel_code
        and rates.cart_date = scope.cart_date
where
    rates.resumed_cart_count > rates.purchased_cart_count
    or rates.recovered_cart_count > rates.resumed_cart_count + rates.abandoned_cart_count;

-- fail: Days with a rate below 0 or above 1.
select
    rates.channel_code,
    rates.store_key,
    rates.cart_date,
    rates.abandon_rate
from report.abandoned_cart_rate as rates
inner join refresh_scope as scope
    on
        rates.channel_code = scope.channel_code
        and rates.cart_date = scope.cart_date
where rates.abandon_rate not between 0 and 1;

-- warn: Carts without a date, which belong to no day.
select abandoned.cart_key
from report.abandoned_carts as abandoned
where
    abandoned.cart_date is null
    and abandoned.status = 'open';
