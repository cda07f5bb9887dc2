-- grain: one row per address that stands for a contact: in an address book, or on a guest's order or cart
-- time zone: instants are UTC
-- currency: none
create or replace view crm.contact_address_entries as
select
    customers.contact_key,
    customers.account_key,
    customers.customer_key,
    addresses.channel_code,
    'customer' as address_of,
    addresses.customer_address_key as address_key,
    coalesce(addresses.is_default_billing, false) as is_billing,
    coalesce(addresses.is_default_shipping, false) as is_shipping,
    coalesce(addresses.source_updated_at, addresses.source_created_at) as used_at,
    addresses.name_prefix,
    addresses.first_name,
    addresses.middle_name,
    addresses.last_name,
    addresses.name_suffix,
    addresses.company,
    addresses.street,
    addresses.city,
    addresses.region,
    addresses.postcode,
    addresses.country_code,
    addresses.telephone
from crm.customers as customers
inner join crm.customer_addresses as addresses
    on customers.customer_key = addresses.customer_key
where
    customers.deleted_at is null
    and addresses.deleted_at is null
union all
-- A guest has no address book: what was billed and delivered to stands in for it.
select
    customers.contact_key,
    customers.account_key,
    customers.customer_key,
    addresses.channel_code,
    'order' as address_of,
    addresses.order_address_key as address_key,
    addresses.address_type = 'billing' as is_billing,
    addresses.address_type = 'shipping' as is_shipping,
    orders.source_created_at as used_at,
    addresses.name_prefix,
    addresses.first_name,
    addresses.middle_name,
    addresses.last_name,
    addresses.name_suffix,
    addresses.company,
    addresses.street,
    addresses.city,
    addresses.region,
    addresses.postcode,
    addresses.country_code,
    addresses.telephone
from crm.customers as customers
inner join crm.orders as orders
    on customers.customer_key = orders.customer_key
inner join crm.order_addresses as addresses
    on orders.order_key = addresses.order_key
where
    customers.is_guest
    and customers.deleted_at is null
    and orders.deleted_at is null
    and addresses.deleted_at is null
union all
-- Of who has ordered nothing yet, what was typed so far; when the store has cleaned the cart away, too.
select
    customers.contact_key,
    customers.account_key,
    customers.customer_key,
    addresses.channel_code,
    'cart' as address_of,
    addresses.cart_address_key as address_key,
    addresses.address_type = 'billing' as is_billing,
    addresses.address_type = 'shipping' as is_shipping,
    coalesce(carts.source_updated_at, carts.source_created_at) as used_at,
    addresses.name_prefix,
    addresses.first_name,
    addresses.middle_name,
    addresses.last_name,
    addresses.name_suffix,
    addresses.company,
    addresses.street,
    addresses.city,
    addresses.region,
    addresses.postcode,
    addresses.country_code,
    addresses.telephone
from crm.customers as customers
inner join crm.carts as carts
    on customers.customer_key = carts.customer_key
inner join crm.cart_addresses as addresses
    on carts.cart_key = addresses.cart_key
where
    customers.is_guest
    and customers.deleted_at is null
    and (addresses.deleted_at is null or carts.deleted_at is not null)
    and not exists (
        select 1 from crm.orders as orders
        where customers.customer_key = orders.customer_key and orders.deleted_at is null
    );

comment on view crm.contact_address_entries is
'One row per address of a contact: of their address books, and of their orders or carts as guests.';
comment on column crm.contact_address_entries.contact_key is 'The person; key of crm.contacts.';
comment on column crm.contact_address_entries.account_key is 'Their account; key of crm.accounts.';
comment on column crm.contact_address_entries.customer_key is
'Which of their customer records has it; key of crm.customers.';
comment on column crm.contact_address_entries.channel_code is 'The channel it came through.';
comment on column crm.contact_address_entries.address_of is
'customer, order or cart: whose address it is; address_key is unique within each.';
comment on column crm.contact_address_entries.address_key is
'The address; key of crm.customer_addresses, crm.order_addresses or crm.cart_addresses.';
comment on column crm.contact_address_entries.is_billing is
'In an address book: bills go here by default; else: the bill went here.';
comment on column crm.contact_address_entries.is_shipping is
'In an address book: parcels go here by default; else: the parcel went here.';
comment on column crm.contact_address_entries.used_at is
'When entry or cart last changed or the order was placed (UTC). NULL: the store has no date.';
comment on column crm.contact_address_entries.name_prefix is 'Title before the name. NULL where none.';
comment on column crm.contact_address_entries.first_name is 'First name. NULL where none.';
comment on column crm.contact_address_entries.middle_name is 'Middle name. NULL where none.';
comment on column crm.contact_address_entries.last_name is 'Last name. NULL where none.';
comment on column crm.contact_address_entries.name_suffix is 'Title behind the name. NULL where none.';
comment on column crm.contact_address_entries.company is 'Company. NULL where none.';
comment on column crm.contact_address_entries.street is
'Street; up to four lines, parted by line breaks. NULL where none.';
comment on column crm.contact_address_entries.city is 'City. NULL where none.';
comment on column crm.contact_address_entries.region is
'State or province as text; crm.address_regions knows which it is. NULL where none was given.';
comment on column crm.contact_address_entries.postcode is 'Postal code. NULL where none.';
comment on column crm.contact_address_entries.country_code is
'Country, ISO 3166 two letters. NULL where none.';
comment on column crm.contact_address_entries.telephone is 'Telephone as entered. NULL where none.';
