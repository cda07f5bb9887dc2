-- grain: none; a number
-- time zone: none
-- currency: none
-- Entities are called like their first tables, but for those named here; a contract test holds them to it.
create or replace function ops.row_count(entity text, channel text) returns bigint
language plpgsql stable as $$
declare
    counted bigint;
    first_table text := case entity when 'stock' then 'stock_items' else entity end;
begin
    if to_regclass(format('crm.%I', first_table)) is null then
        return null;
    end if;
    execute format('select count(*) from crm.%I where channel_code = $1 and deleted_at is null', first_table)
    into counted using channel;
    return counted;
end $$;

comment on function ops.row_count(text, text) is
'Rows of an entity''s first table for a channel, those marked deleted left out. NULL: no such table.';
