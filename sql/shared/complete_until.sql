-- grain: one row per channel and entity that ever ran
-- time zone: instants, by the store's clock
-- currency: none
create or replace view crm.complete_until as
select
    frontiers.channel_code,
    frontiers.entity,
    case when frontiers.initial_done_at is not null then frontiers.frontier_at end as complete_until,
    frontiers.initial_started_at,
    frontiers.initial_done_at,
    frontiers.initial_greatest_id,
    frontiers.initial_reached_id
from ops.frontiers as frontiers;

comment on view crm.complete_until is
'One row per channel and entity that ever ran: how far its data is complete.';
comment on column crm.complete_until.channel_code is 'The channel.';
comment on column crm.complete_until.entity is 'The entity: stores, customers, orders, ...';
comment on column crm.complete_until.complete_until is
'Every dated change up to here (store''s clock) is loaded. NULL: the initial load is still under
way, or the store cannot deliver the entity (see ops.windows, state skipped).';
comment on column crm.complete_until.initial_started_at is 'When the initial load began (store''s clock).';
comment on column crm.complete_until.initial_done_at is
'When the initial load was complete. NULL: it is under way.';
comment on column crm.complete_until.initial_greatest_id is
'The greatest id there was when the initial load began.';
comment on column crm.complete_until.initial_reached_id is
'While the initial load is under way: every id above this is in the warehouse; it falls to 0.';
