-- grain: one row per triple of scores
-- time zone: none
-- currency: none
-- The one place of the map from scores to labels. Frequency and monetary value count as one: their mean,
-- rounded to the better score. Who last ordered before the windows begin has no value in them, and is lost.
create or replace view crm.rfm_labels as
select
    recency.score as recency_score,
    frequency.score as frequency_score,
    monetary.score as monetary_score,
    labels.rfm_label
from generate_series(1, 5) as recency (score)
cross join generate_series(1, 5) as frequency (score)
cross join generate_series(1, 5) as monetary (score)
inner join
    (
        values
        ('champions', 1, 2, 1, 2),
        ('loyal', 1, 2, 3, 3),
        ('potential', 1, 2, 4, 4),
        ('recent', 1, 2, 5, 5),
        ('loyal', 3, 3, 1, 2),
        ('needs_attention', 3, 3, 3, 5),
        ('at_risk_high_value', 4, 4, 1, 2),
        ('at_risk', 4, 4, 3, 4),
        ('lapsed', 4, 4, 5, 5),
        ('lost', 5, 5, 1, 5)
    ) as labels (rfm_label, best_recency, worst_recency, best_value, worst_value)
    on
        recency.score between labels.best_recency and labels.worst_recency
        and (frequency.score + monetary.score) / 2 between labels.best_value and labels.worst_value;

comment on view crm.rfm_labels is
'One row per triple of scores: what such a customer is called.';
comment on column crm.rfm_labels.recency_score is
'Score of recency on a scale of five, 1 (best) to 5: label_score of crm.rfm_bands.';
comment on column crm.rfm_labels.frequency_score is 'Score of frequency on the same scale.';
comment on column crm.rfm_labels.monetary_score is 'Score of monetary value on the same scale.';
comment on column crm.rfm_labels.rfm_label is
'champions, loyal, potential, recent, needs_attention, at_risk_high_value, at_risk, lapsed or lost.';
