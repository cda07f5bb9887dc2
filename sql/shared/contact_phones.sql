-- grain: one row per contact and telephone number
-- time zone: instants are UTC
-- currency: none
create or replace view crm.contact_phones as
with compared as (
    select
        entries.contact_key,
        entries.account_key,
        entries.address_of,
        entries.address_key,
        entries.telephone,
        entries.is_billing,
        entries.is_shipping,
        entries.used_at,
        case entries.address_of when 'customer' then 1 when 'order' then 2 else 3 end as rank,
        regexp_replace(entries.telephone, '\D', '', 'g') as telephone_digits
    from crm.contact_address_entries as entries
    where entries.telephone ~ '\d'
),

shown as (
    select distinct on (compared.contact_key, compared.account_key, compared.telephone_digits)
        compared.*,
        bool_or(compared.is_billing) over same as is_ever_billing,
        bool_or(compared.is_shipping) over same as is_ever_shipping,
        max(compared.used_at) over same as last_used_at
    from compared
    window same as (partition by compared.contact_key, compared.account_key, compared.telephone_digits)
    order by
        compared.contact_key asc,
        compared.account_key asc,
        compared.telephone_digits asc,
        compared.rank asc,
        compared.used_at desc nulls last,
        compared.address_of asc,
        compared.address_key asc
)

select
    shown.contact_key,
    shown.account_key,
    shown.telephone,
    shown.telephone_digits,
    row_number() over (
        partition by shown.contact_key, shown.account_key
        order by
            shown.rank asc,
            shown.is_ever_billing desc,
            shown.is_ever_shipping desc,
            shown.last_used_at desc nulls last,
            shown.telephone_digits asc
    ) = 1 as is_primary,
    shown.is_ever_billing as is_billing,
    shown.is_ever_shipping as is_shipping,
    shown.last_used_at
from shown;

comment on view crm.contact_phones is
'One row per contact and telephone number of their addresses; equal digits are one number.';
comment on column crm.contact_phones.contact_key is 'The person; key of crm.contacts.';
comment on column crm.contact_phones.account_key is 'Their account; key of crm.accounts.';
comment on column crm.contact_phones.telephone is
'Telephone as entered: as the address book has it, else as last used.';
comment on column crm.contact_phones.telephone_digits is 'Its digits, by which numbers are compared.';
comment on column crm.contact_phones.is_primary is 'Whether it is the one to show, chosen as the address is.';
comment on column crm.contact_phones.is_billing is 'Whether it stands on an address for bills.';
comment on column crm.contact_phones.is_shipping is 'Whether it stands on an address for parcels.';
comment on column crm.contact_phones.last_used_at is
'When it was last used or changed (UTC). NULL: the store has no date.';
