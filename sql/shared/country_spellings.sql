-- grain: one row per channel and way to write a country
-- time zone: none
-- currency: none
-- However a country is written, it is one row: two letters go before three, a code before a name.
create or replace view crm.country_spellings as
select distinct on (country.channel_code, spelling.spelling)
    country.country_key,
    country.channel_code,
    country.country_code,
    country.country_name,
    spelling.spelling
from crm.countries as country
cross join
    lateral (
        values
        (1, lower(country.country_code)),
        (2, lower(country.country_iso3_code)),
        (3, lower(country.country_name))
    ) as spelling (place, spelling)
where country.deleted_at is null and spelling.spelling is not null
order by country.channel_code, spelling.spelling, spelling.place, country.country_key;

comment on view crm.country_spellings is
'One row per channel and way to write a country: code of two or three letters, or name, in lower case.';
comment on column crm.country_spellings.country_key is 'The country; key of crm.countries.';
comment on column crm.country_spellings.channel_code is 'The channel whose directory it is of.';
comment on column crm.country_spellings.country_code is 'ISO 3166, two letters.';
comment on column crm.country_spellings.country_name is 'Its name. NULL: the store does not tell it.';
comment on column crm.country_spellings.spelling is 'What may be written for it, in lower case.';
