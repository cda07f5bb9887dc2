-- grain: one row per measure and score
-- time zone: none
-- currency: reporting currency of the channel, for the measure monetary
-- The one place of the thresholds of recency, frequency and monetary value. As in OroCRM, 1 is best.
create or replace view crm.rfm_bands as
select
    bands.measure,
    bands.score,
    bands.over_value,
    bands.up_to_value,
    bands.window_days
from (
    values
    ('recency', 1, null, 7, null),
    ('recency', 2, 7, 30, null),
    ('recency', 3, 30, 90, null),
    ('recency', 4, 90, 365, null),
    ('recency', 5, 365, null, null),
    ('frequency', 1, 52, null, 365),
    ('frequency', 2, 12, 52, 365),
    ('frequency', 3, 4, 12, 365),
    ('frequency', 4, 2, 4, 365),
    ('frequency', 5, null, 2, 365),
    ('monetary', 1, 10000, null, 365),
    ('monetary', 2, 1000, 10000, 365),
    ('monetary', 3, 100, 1000, 365),
    ('monetary', 4, 10, 100, 365),
    ('monetary', 5, null, 10, 365)
) as bands (measure, score, over_value, up_to_value, window_days);

comment on view crm.rfm_bands is
'One row per measure and score: the bands of recency, frequency and monetary value.';
comment on column crm.rfm_bands.measure is
'recency: days since the last order; frequency: orders; monetary: subtotal less discount of these orders.';
comment on column crm.rfm_bands.score is '1, the best, to 5.';
comment on column crm.rfm_bands.over_value is 'The value is greater than this. NULL: no lower bound.';
comment on column crm.rfm_bands.up_to_value is 'The value is at most this. NULL: no upper bound.';
comment on column crm.rfm_bands.window_days is
'Orders at most this many days old are measured. NULL: orders of any age.';
