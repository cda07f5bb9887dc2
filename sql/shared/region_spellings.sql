-- grain: one row per channel, country and way to write a region
-- time zone: none
-- currency: none
-- However a region is written, it is one row: a code goes before a name.
create or replace view crm.region_spellings as
select distinct on (region.channel_code, region.country_code, spelling.spelling)
    region.region_key,
    region.channel_code,
    region.country_code,
    region.region_code,
    region.region_name,
    region.combined_code,
    spelling.spelling,
    spelling.resolved_by
from crm.regions as region
cross join
    lateral (
        values
        (1, 'code', lower(region.region_code)),
        (2, 'code', lower(region.combined_code)),
        (3, 'name', lower(region.region_name)),
        (
            4,
            'padded_code',
            case when region.region_code ~ '^[0-9]+$' then 'no. ' || ltrim(region.region_code, '0') end
        )
    ) as spelling (place, resolved_by, spelling)
where region.deleted_at is null and spelling.spelling is not null
order by region.channel_code, region.country_code, spelling.spelling, spelling.place, region.region_key;

comment on view crm.region_spellings is
'One row per channel, country and way to write a region: code, country and code, or name, in lower case.';
comment on column crm.region_spellings.region_key is 'The region; key of crm.regions.';
comment on column crm.region_spellings.channel_code is 'The channel whose directory it is of.';
comment on column crm.region_spellings.country_code is 'Its country, ISO 3166, two letters.';
comment on column crm.region_spellings.region_code is 'Its short name within the country.';
comment on column crm.region_spellings.region_name is 'Its name. NULL: the store does not tell it.';
comment on column crm.region_spellings.combined_code is 'Country and code, joined by a hyphen.';
comment on column crm.region_spellings.spelling is 'What may be written for it, in lower case.';
comment on column crm.region_spellings.resolved_by is
'What kind of spelling that is: code, name or padded_code.';
