-- grain: one row per channel, measure and score
-- time zone: none
-- currency: reporting currency of the channel, for the measure monetary
-- The one place of the bands of recency, frequency and monetary value, made of the bounds in the channel's
-- file: n bounds make n + 1 bands. As in OroCRM, 1 is best. Labels are of five scores, so other numbers of
-- bands are stretched to five.
create or replace view crm.rfm_bands as
with bounds as (
    select
        channels.channel_code,
        measures.measure,
        measures.window_days,
        coalesce(channels.rfm_categories_json -> measures.setting, measures.default_bounds) as bounds
    from ops.channels as channels
    cross join
        (
            values
            ('recency', 'recency_days', null, '[7, 30, 90, 365]'::jsonb),
            ('frequency', 'frequency_orders', 365, '[52, 12, 4, 2]'::jsonb),
            ('monetary', 'monetary_amount', 365, '[10000, 1000, 100, 10]'::jsonb)
        ) as measures (measure, setting, window_days, default_bounds)
),

bands as (
    select
        bounds.channel_code,
        bounds.measure,
        bounds.window_days,
        scores.score,
        jsonb_array_length(bounds.bounds) as last_index,
        -- An index below zero would count from the end.
        case when scores.score > 1 then (bounds.bounds ->> (scores.score - 2))::numeric end as better_bound,
        (bounds.bounds ->> (scores.score - 1))::numeric as worse_bound
    from bounds
    cross join lateral generate_series(1, jsonb_array_length(bounds.bounds) + 1) as scores (score)
)

select
    bands.channel_code,
    bands.measure,
    bands.score,
    case when bands.measure = 'recency' then bands.better_bound else bands.worse_bound end as over_value,
    case when bands.measure = 'recency' then bands.worse_bound else bands.better_bound end as up_to_value,
    bands.window_days,
    (1 + round(4.0 * (bands.score - 1) / bands.last_index))::integer as label_score
from bands;

comment on view crm.rfm_bands is
'One row per channel, measure and score: the bands of recency, frequency and monetary value.';
comment on column crm.rfm_bands.channel_code is 'The channel; its bounds are rfm.categories of its file.';
comment on column crm.rfm_bands.measure is
'recency: days since the last order; frequency: orders; monetary: their subtotal less discount.';
comment on column crm.rfm_bands.score is
'1, the best, to one more than the channel has bounds: 5 by default.';
comment on column crm.rfm_bands.over_value is 'The value is greater than this. NULL: no lower bound.';
comment on column crm.rfm_bands.up_to_value is 'The value is at most this. NULL: no upper bound.';
comment on column crm.rfm_bands.window_days is
'Orders at most this many days old are measured. NULL: orders of any age.';
comment on column crm.rfm_bands.label_score is
'The score on the scale of five of crm.rfm_labels: the best is 1, the worst 5, however many there are.';
