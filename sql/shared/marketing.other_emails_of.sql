-- grain: at most one row: a person's other addresses
-- time zone: none
-- currency: none
-- Those of the customer's account; where no customer is named, of all accounts that have the address.
-- Arguments of a call have one collation among them; without their own no index would be used.
create or replace function marketing.other_emails_of(
    of_channel_code text, of_customer_key text, of_email_normalised text
)
returns table (emails text[])
language sql stable as $$
select array_agg(distinct others.email_normalised) as emails
from crm.customers as known
inner join crm.customers as others
    on
        known.account_key = others.account_key
        or known.customer_key = others.customer_key
where
    others.email_normalised <> of_email_normalised collate "default"
    and (
        known.customer_key = of_customer_key collate "C"
        or (
            of_customer_key is null
            and known.channel_code = of_channel_code collate "C"
            and known.email_normalised = of_email_normalised collate "default"
        )
    )
$$;

comment on function marketing.other_emails_of(text, text, text) is
'The other addresses, trimmed and in lower case, of whom an address belongs to. NULL: there are none.';
