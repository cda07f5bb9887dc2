-- grain: one row per kind of change and field
-- time zone: none
-- currency: none
-- The fields that crm.request_change takes, and what it holds each against before it stores anything:
-- Magento's own calls check next to nothing.
create or replace view crm.changeable_fields as
select
    changeable.kind,
    changeable.field_name,
    changeable.value_type,
    changeable.is_required,
    changeable.may_be_empty,
    changeable.longest,
    changeable.choices,
    changeable.meaning
from
    (
        values
        (
            'customer_update', 'email', 'email', false, false, 255, null::text[],
            'E-mail address; free in the stores website.'
        ),
        (
            'customer_update', 'name_prefix', 'text', false, true, 40, null,
            'Title before the name.'
        ),
        (
            'customer_update', 'first_name', 'text', false, false, 255, null,
            'First name.'
        ),
        (
            'customer_update', 'middle_name', 'text', false, true, 255, null,
            'Middle name.'
        ),
        (
            'customer_update', 'last_name', 'text', false, false, 255, null,
            'Last name.'
        ),
        (
            'customer_update', 'name_suffix', 'text', false, true, 40, null,
            'Title behind the name.'
        ),
        (
            'customer_update', 'gender', 'choice', false, false, null, array['Male', 'Female'],
            'Gender.'
        ),
        (
            'customer_update', 'birth_date', 'date', false, true, null, null,
            'Day of birth.'
        ),
        (
            'customer_update', 'tax_number', 'text', false, true, 255, null,
            'VAT number.'
        ),
        (
            'customer_update', 'customer_group_id', 'integer', false, false, null, null,
            'Magento''s id of the price group.'
        ),
        (
            'customer_update', 'website_id', 'integer', false, false, null, null,
            'Magento''s id of the website; the e-mail has to be free there.'
        ),
        (
            'customer_update', 'store_id', 'integer', false, false, null, null,
            'Magento''s id of the store view, one of the customer''s website.'
        ),
        (
            'customer_create', 'email', 'email', true, false, 255, null,
            'E-mail address; free in the stores website.'
        ),
        (
            'customer_create', 'name_prefix', 'text', false, true, 40, null,
            'Title before the name.'
        ),
        (
            'customer_create', 'first_name', 'text', true, false, 255, null,
            'First name.'
        ),
        (
            'customer_create', 'middle_name', 'text', false, true, 255, null,
            'Middle name.'
        ),
        (
            'customer_create', 'last_name', 'text', true, false, 255, null,
            'Last name.'
        ),
        (
            'customer_create', 'name_suffix', 'text', false, true, 40, null,
            'Title behind the name.'
        ),
        (
            'customer_create', 'gender', 'choice', false, false, null, array['Male', 'Female'],
            'Gender.'
        ),
        (
            'customer_create', 'birth_date', 'date', false, true, null, null,
            'Day of birth.'
        ),
        (
            'customer_create', 'tax_number', 'text', false, true, 255, null,
            'VAT number.'
        ),
        (
            'customer_create', 'customer_group_id', 'integer', false, false, null, null,
            'Magento''s id of the price group.'
        ),
        (
            'customer_create', 'website_id', 'integer', true, false, null, null,
            'Magento''s id of the website.'
        ),
        (
            'customer_create', 'store_id', 'integer', true, false, null, null,
            'Magento''s id of the store view.'
        ),
        (
            'address_create', 'name_prefix', 'text', false, true, 40, null,
            'Title before the name.'
        ),
        (
            'address_create', 'first_name', 'text', true, false, 255, null,
            'First name.'
        ),
        (
            'address_create', 'middle_name', 'text', false, true, 255, null,
            'Middle name.'
        ),
        (
            'address_create', 'last_name', 'text', true, false, 255, null,
            'Last name.'
        ),
        (
            'address_create', 'name_suffix', 'text', false, true, 40, null,
            'Title behind the name.'
        ),
        (
            'address_create', 'company', 'text', false, true, 255, null,
            'Company.'
        ),
        (
            'address_create', 'street', 'street', true, false, 255, null,
            'Street; up to four lines, parted by line breaks.'
        ),
        (
            'address_create', 'city', 'text', true, false, 255, null,
            'City.'
        ),
        (
            'address_create', 'region', 'text', false, true, 255, null,
            'State or province as text.'
        ),
        (
            'address_create', 'region_id', 'integer', false, true, null, null,
            'Magento''s id of the state or province.'
        ),
        (
            'address_create', 'postcode', 'text', false, true, 255, null,
            'Postal code.'
        ),
        (
            'address_create', 'country_code', 'country', true, false, 2, null,
            'Country, ISO 3166 two letters.'
        ),
        (
            'address_create', 'telephone', 'text', true, false, 255, null,
            'Telephone.'
        ),
        (
            'address_create', 'fax', 'text', false, true, 255, null,
            'Fax.'
        ),
        (
            'address_create', 'is_default_billing', 'flag', false, false, null, null,
            'Whether bills go here by default.'
        ),
        (
            'address_create', 'is_default_shipping', 'flag', false, false, null, null,
            'Whether parcels go here by default.'
        ),
        (
            'address_update', 'name_prefix', 'text', false, true, 40, null,
            'Title before the name.'
        ),
        (
            'address_update', 'first_name', 'text', false, false, 255, null,
            'First name.'
        ),
        (
            'address_update', 'middle_name', 'text', false, true, 255, null,
            'Middle name.'
        ),
        (
            'address_update', 'last_name', 'text', false, false, 255, null,
            'Last name.'
        ),
        (
            'address_update', 'name_suffix', 'text', false, true, 40, null,
            'Title behind the name.'
        ),
        (
            'address_update', 'company', 'text', false, true, 255, null,
            'Company.'
        ),
        (
            'address_update', 'street', 'street', false, false, 255, null,
            'Street; up to four lines, parted by line breaks.'
        ),
        (
            'address_update', 'city', 'text', false, false, 255, null,
            'City.'
        ),
        (
            'address_update', 'region', 'text', false, true, 255, null,
            'State or province as text.'
        ),
        (
            'address_update', 'region_id', 'integer', false, true, null, null,
            'Magento''s id of the state or province.'
        ),
        (
            'address_update', 'postcode', 'text', false, true, 255, null,
            'Postal code.'
        ),
        (
            'address_update', 'country_code', 'country', false, false, 2, null,
            'Country, ISO 3166 two letters.'
        ),
        (
            'address_update', 'telephone', 'text', false, false, 255, null,
            'Telephone.'
        ),
        (
            'address_update', 'fax', 'text', false, true, 255, null,
            'Fax.'
        ),
        (
            'address_update', 'is_default_billing', 'flag', false, false, null, null,
            'Whether bills go here by default.'
        ),
        (
            'address_update', 'is_default_shipping', 'flag', false, false, null, null,
            'Whether parcels go here by default.'
        ),
        (
            'order_comment', 'comment_text', 'text', true, false, 65000, null,
            'What to say.'
        ),
        (
            'order_comment', 'is_customer_notified', 'flag', false, false, null, null,
            'Whether the store mails it to the customer. Default: false.'
        ),
        (
            'order_comment', 'is_visible_on_front', 'flag', false, false, null, null,
            'Whether the customer sees it in the shop; only Magento 2''s API can say so. Default: false.'
        ),
        (
            'cart_create', 'store_id', 'integer', true, false, null, null,
            'Magento''s id of the store view.'
        ),
        (
            'cart_create', 'items', 'items', true, false, null, null,
            'Lines: a list of objects with sku or product_id, qty, and options where there are some.'
        ),
        (
            'cart_create', 'billing_address', 'address', false, false, null, null,
            'Where the bill goes: the fields of an address, or customer_address_id.'
        ),
        (
            'cart_create', 'shipping_address', 'address', false, false, null, null,
            'Where the parcel goes. Default: as the bill.'
        ),
        (
            'cart_create', 'shipping_method', 'text', false, false, 120, null,
            'Code of the way of shipping.'
        ),
        (
            'cart_create', 'payment_method', 'text', false, false, 120, null,
            'Code of the way of payment; none that needs a card.'
        ),
        (
            'cart_create', 'purchase_order_number', 'text', false, false, 64, null,
            'Number of a purchase order, for the payment method of that name.'
        ),
        (
            'cart_create', 'coupon_code', 'text', false, false, 255, null,
            'Coupon.'
        ),
        (
            'cart_create_for_guest', 'email', 'email', true, false, 255, null,
            'E-mail address of the guest.'
        ),
        (
            'cart_create_for_guest', 'first_name', 'text', true, false, 255, null,
            'First name of the guest.'
        ),
        (
            'cart_create_for_guest', 'last_name', 'text', true, false, 255, null,
            'Last name of the guest.'
        ),
        (
            'cart_create_for_guest', 'store_id', 'integer', true, false, null, null,
            'Magento''s id of the store view.'
        ),
        (
            'cart_create_for_guest', 'items', 'items', true, false, null, null,
            'Lines: a list of objects with sku or product_id, qty, and options where there are some.'
        ),
        (
            'cart_create_for_guest', 'billing_address', 'address', false, false, null, null,
            'Where the bill goes: the fields of an address, or customer_address_id.'
        ),
        (
            'cart_create_for_guest', 'shipping_address', 'address', false, false, null, null,
            'Where the parcel goes. Default: as the bill.'
        ),
        (
            'cart_create_for_guest', 'shipping_method', 'text', false, false, 120, null,
            'Code of the way of shipping.'
        ),
        (
            'cart_create_for_guest', 'payment_method', 'text', false, false, 120, null,
            'Code of the way of payment; none that needs a card.'
        ),
        (
            'cart_create_for_guest', 'purchase_order_number', 'text', false, false, 64, null,
            'Number of a purchase order, for the payment method of that name.'
        ),
        (
            'cart_create_for_guest', 'coupon_code', 'text', false, false, 255, null,
            'Coupon.'
        ),
        (
            'cart_change', 'items', 'items', false, false, null, null,
            'Pieces of products; 0 takes one out. Others stay as they are.'
        ),
        (
            'cart_change', 'billing_address', 'address', false, false, null, null,
            'Where the bill goes: the fields of an address, or customer_address_id.'
        ),
        (
            'cart_change', 'shipping_address', 'address', false, false, null, null,
            'Where the parcel goes.'
        ),
        (
            'cart_change', 'shipping_method', 'text', false, false, 120, null,
            'Code of the way of shipping.'
        ),
        (
            'cart_change', 'payment_method', 'text', false, false, 120, null,
            'Code of the way of payment; none that needs a card.'
        ),
        (
            'cart_change', 'purchase_order_number', 'text', false, false, 64, null,
            'Number of a purchase order, for the payment method of that name.'
        ),
        (
            'cart_change', 'coupon_code', 'text', false, true, 255, null,
            'Coupon; one that does not hold leaves the cart with the one it has.'
        ),
        (
            'cart_to_order', 'shipping_method', 'text', false, false, 120, null,
            'Code of the way of shipping. Default: as chosen in the cart.'
        ),
        (
            'cart_to_order', 'payment_method', 'text', false, false, 120, null,
            'Code of the way of payment. Default: as chosen in the cart.'
        ),
        (
            'cart_to_order', 'purchase_order_number', 'text', false, false, 64, null,
            'Number of a purchase order, for the payment method of that name.'
        ),
        (
            'cart_to_order', 'agrees_to_terms', 'flag', false, false, null, null,
            'Whether the buyer has agreed to the terms of the shop. Default: false.'
        )
    ) as changeable (
        kind, field_name, value_type, is_required, may_be_empty, longest, choices, meaning
    );

comment on view crm.changeable_fields is
'One row per kind of change and field that may be asked for; kinds without fields have none.';
comment on column crm.changeable_fields.kind is 'The kind, as in crm.change_kinds.';
comment on column crm.changeable_fields.field_name is 'The field, by its column in the crm table.';
comment on column crm.changeable_fields.value_type is
'text, street (up to four lines), email, date (YYYY-MM-DD), country (two letters) or choice: a JSON
string; integer; flag: a boolean; items: a list of objects; address: an object.';
comment on column crm.changeable_fields.is_required is 'Whether a request without it is refused.';
comment on column crm.changeable_fields.may_be_empty is 'Whether null empties it in the store.';
comment on column crm.changeable_fields.longest is 'Characters that fit. NULL: no text.';
comment on column crm.changeable_fields.choices is 'What it may be. NULL: anything of its type.';
comment on column crm.changeable_fields.meaning is 'What it is.';
