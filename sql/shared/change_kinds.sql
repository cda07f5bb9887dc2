-- grain: one row per kind of change
-- time zone: none
-- currency: none
-- What can be asked of a store through crm.request_change. The key columns are those of the target's table.
create or replace view crm.change_kinds as
select
    kinds.kind,
    kinds.target_table,
    kinds.target_key_column,
    kinds.record_key_column,
    kinds.entity,
    kinds.meaning
from
    (
        values
        ('customer_create', null, null, null, 'customers', 'A new registered customer.'),
        (
            'customer_update', 'customers', 'customer_key', 'customer_key', 'customers',
            'Fields of a customer.'
        ),
        (
            'address_create', 'customers', 'customer_key', 'customer_key', 'customers',
            'A new entry in a customer''s address book.'
        ),
        (
            'address_update', 'customer_addresses', 'customer_address_key', 'customer_key', 'customers',
            'Fields of an address in a customer''s book.'
        ),
        (
            'address_delete', 'customer_addresses', 'customer_address_key', 'customer_key', 'customers',
            'An address leaves the book.'
        ),
        (
            'newsletter_create', 'customers', 'customer_key', 'customer_key', 'customers',
            'A customer without a newsletter entry is subscribed.'
        ),
        (
            'newsletter_subscribe', 'newsletter_subscribers', 'newsletter_subscriber_key',
            'newsletter_subscriber_key', 'newsletter_subscribers', 'A newsletter entry is subscribed.'
        ),
        (
            'newsletter_unsubscribe', 'newsletter_subscribers', 'newsletter_subscriber_key',
            'newsletter_subscriber_key', 'newsletter_subscribers', 'A newsletter entry is unsubscribed.'
        ),
        ('order_comment', 'orders', 'order_key', 'order_key', 'orders', 'A line in an order''s history.'),
        ('order_hold', 'orders', 'order_key', 'order_key', 'orders', 'An order is put on hold.'),
        ('order_unhold', 'orders', 'order_key', 'order_key', 'orders', 'An order on hold goes on.'),
        ('order_cancel', 'orders', 'order_key', 'order_key', 'orders', 'An order is cancelled.'),
        (
            'cart_create', 'customers', 'customer_key', 'customer_key', 'customers',
            'A new cart for a customer or a guest whom the CRM knows.'
        ),
        (
            'cart_create_for_guest', null, null, null, 'carts',
            'A new cart for somebody whom the CRM does not know.'
        ),
        ('cart_change', 'carts', 'cart_key', 'cart_key', 'carts', 'Other content or terms of an open cart.'),
        ('cart_to_order', 'carts', 'cart_key', 'cart_key', 'carts', 'An open cart becomes an order.')
    ) as kinds (kind, target_table, target_key_column, record_key_column, entity, meaning);

comment on view crm.change_kinds is 'One row per kind of change that can be asked of a store.';
comment on column crm.change_kinds.kind is 'Name of the kind, the first argument of crm.request_change.';
comment on column crm.change_kinds.target_table is
'Table of schema crm whose key is the target. NULL: the target is the code of a channel.';
comment on column crm.change_kinds.target_key_column is 'Its key column. NULL: the target is a channel.';
comment on column crm.change_kinds.record_key_column is
'Column of the same table: the record whose changes are sent one after the other. NULL: not there yet.';
comment on column crm.change_kinds.entity is 'Entity of that record.';
comment on column crm.change_kinds.meaning is 'What happens, in words.';
