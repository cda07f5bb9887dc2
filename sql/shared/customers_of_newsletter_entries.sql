-- grain: one row per newsletter entry and customer of whom it says or has said something
-- time zone: none
-- currency: none
-- Whom the entry names, and who has an address that it has or ever had: all whose consent may have changed
-- when the entry did. Which entry speaks for whom is another question: marketing.newsletter_entries.
create or replace view crm.customers_of_newsletter_entries as
select
    entries.newsletter_subscriber_key,
    entries.customer_key
from crm.newsletter_subscribers as entries
where entries.customer_key is not null
union
select
    entries.newsletter_subscriber_key,
    customers.customer_key
from crm.newsletter_subscribers as entries
inner join crm.customers as customers
    on
        entries.channel_code = customers.channel_code
        and entries.email_normalised = customers.email_normalised
union
select
    entries.newsletter_subscriber_key,
    customers.customer_key
from crm.newsletter_subscribers as entries
inner join crm.newsletter_subscribers_history as versions
    on entries.newsletter_subscriber_key = versions.newsletter_subscriber_key
inner join crm.customers as customers
    on
        entries.channel_code = customers.channel_code
        and versions.email_normalised = customers.email_normalised;

comment on view crm.customers_of_newsletter_entries is
'One row per newsletter entry and customer whose consent may have changed when the entry did.';
comment on column crm.customers_of_newsletter_entries.newsletter_subscriber_key is
'The entry; key of crm.newsletter_subscribers.';
comment on column crm.customers_of_newsletter_entries.customer_key is
'Whom it names, or who has an address that it has or had; key of crm.customers.';
