-- Each statement returns the rows that are wrong.

-- fail: Articles that are paired with themselves, or pairs that are there twice.
select
    pairs.channel_code,
    pairs.first_article_key,
    pairs.second_article_key
from report.product_pairs as pairs
inner join refresh_scope as scope
    on
        pairs.channel_code = scope.channel_code
        and pairs.first_article_key = scope.first_article_key
        and pairs.second_article_key = scope.second_article_key
where pairs.first_article_key >= pairs.second_article_key;
