-- Each statement returns the rows that are wrong.

-- fail: Pairs whose two rows tell a different support or lift.
select
    affinity.channel_code,
    affinity.article_key,
    affinity.other_article_key
from report.product_affinity as affinity
left join report.product_affinity as mirrored
    on
        affinity.channel_code = mirrored.channel_code
        and affinity.article_key = mirrored.other_article_key
        and affinity.other_article_key = mirrored.article_key
where
    affinity.support_rate is distinct from mirrored.support_rate
    or affinity.lift_ratio is distinct from mirrored.lift_ratio;

-- warn: Pairs in more orders than one of their articles: the reports it is made of stand at different times.
select
    affinity.channel_code,
    affinity.article_key,
    affinity.other_article_key
from report.product_affinity as affinity
where affinity.pair_order_count > least(affinity.article_order_count, affinity.other_order_count);
