-- grain: one row: the country and region that an address names
-- time zone: none
-- currency: none
-- What an address says is looked up as crm.country_spellings and crm.region_spellings have it. A region of
-- another country is not it, whatever the id: Magento may keep it when the country changes.
create or replace function crm.place_of(
    of_channel_code text, of_country_code text, of_region_id bigint, of_region text
)
returns table (
    country_key text,
    country_code text,
    country_name text,
    region_key text,
    region_code text,
    combined_code text,
    region_name text,
    resolved_by text
)
language sql stable as $$
select
    countries.country_key,
    said.country_code,
    countries.country_name,
    coalesce(by_id.region_key, by_text.region_key, by_number.region_key) as region_key,
    coalesce(by_id.region_code, by_text.region_code, by_number.region_code) as region_code,
    coalesce(by_id.combined_code, by_text.combined_code, by_number.combined_code) as combined_code,
    coalesce(by_id.region_name, by_text.region_name, by_number.region_name, of_region) as region_name,
    case
        when by_id.region_key is not null then 'id'
        when by_text.region_key is not null then by_text.resolved_by
        when by_number.region_key is not null then by_number.resolved_by
        when of_region is not null then 'text'
    end as resolved_by
from (select 1 as one) as address
left join crm.country_spellings as countries
    on
        countries.channel_code = of_channel_code
        and countries.spelling = lower(btrim(of_country_code))
cross join lateral (
    select coalesce(countries.country_code, of_country_code) as country_code
) as said
left join crm.regions as by_id
    on
        by_id.region_key = of_channel_code || ':' || of_region_id
        and by_id.country_code = said.country_code
        and by_id.deleted_at is null
left join crm.region_spellings as by_text
    on
        by_text.channel_code = of_channel_code
        and by_text.country_code = said.country_code
        and by_text.spelling = lower(btrim(of_region))
left join crm.region_spellings as by_number
    on
        by_number.channel_code = of_channel_code
        and by_number.country_code = said.country_code
        and by_number.spelling = case
            when btrim(of_region) ~ '^[0-9]+$' then 'no. ' || ltrim(btrim(of_region), '0')
        end
$$;

comment on function crm.place_of(text, text, bigint, text) is
'Which country and region of a channel''s directory an address names by country, id and text of its region.';
