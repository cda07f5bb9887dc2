-- grain: none; an object
-- time zone: none
-- currency: none
-- The first thing that is wrong with what a request wants, as field and problem; null: nothing is. Magento's
-- own calls check next to nothing, and what its API takes without doing it is refused here, too.
create or replace function crm.wanted_problem(
    kind text, channel_code text, target_row jsonb, wanted jsonb
) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for kind;
    channel alias for channel_code;
    found jsonb;
    is_magento1 boolean := exists (
        select from ops.channels as channels where channels.channel_code = channel and channels.kind = 'magento1'
    );
begin
    select jsonb_build_object('field', given.key, 'problem', told.problem) into found
    from jsonb_each(wanted) as given
    left join crm.changeable_fields as rules on rules.kind = asked and rules.field_name = given.key
    cross join lateral (
        select case
            when rules.field_name is null then 'this kind of change has no such field; crm.changeable_fields lists them'
            when rules.value_type = 'items' and jsonb_typeof(given.value) <> 'null'
                then crm.cart_items_problem(given.value, asked = 'cart_change')
            when rules.value_type = 'address' and jsonb_typeof(given.value) <> 'null'
                then coalesce(crm.cart_address_problem(given.value), case
                    when given.value ? 'customer_address_id' and not exists (
                        select from crm.customer_addresses as book
                        where book.customer_address_key = channel || ':' || (given.value ->> 'customer_address_id')
                            and book.customer_key = target_row ->> 'customer_key' and book.deleted_at is null
                    ) then 'it is in nobody''s address book, or in somebody else''s'
                end, crm.unknown_reference(channel, given.value) ->> 'problem')
            else crm.field_problem(
                given.value, rules.value_type, rules.may_be_empty, rules.longest::integer, rules.choices
            )
        end as problem
    ) as told
    where told.problem is not null
    order by given.key
    limit 1;
    if found is not null then
        return found;
    end if;
    return coalesce(
        (
            select jsonb_build_object('field', rules.field_name, 'problem', 'it is required')
            from crm.changeable_fields as rules
            where rules.kind = asked and rules.is_required and not wanted ? rules.field_name
            order by rules.field_name limit 1
        ),
        crm.unknown_reference(channel, case
            -- A region on its own is one of the country that the address has.
            when asked = 'address_update' and wanted ? 'region_id' and not wanted ? 'country_code'
                then wanted || jsonb_build_object('country_code', target_row -> 'country_code')
            -- A store view is one of the website that the customer is of.
            when asked = 'customer_update' and wanted ?| array['website_id', 'store_id'] then jsonb_build_object(
                'website_id', target_row -> 'website_id', 'store_id', target_row -> 'store_id'
            ) || wanted
            else wanted
        end),
        case when is_magento1 and asked = 'order_comment' and (wanted ->> 'is_visible_on_front')::boolean
            then jsonb_build_object(
                'field', 'is_visible_on_front',
                'problem', 'Magento 1''s API cannot show a comment in the shop; it can mail it'
            )
        end,
        (
            select jsonb_build_object(
                'field', roles.name,
                'problem', 'Magento 1''s API takes no address out of its default role: make another one the default'
            )
            from (values ('is_default_billing'), ('is_default_shipping')) as roles (name)
            where is_magento1 and asked = 'address_update'
                and not (wanted ->> roles.name)::boolean and (target_row ->> roles.name)::boolean
            limit 1
        ),
        case when wanted = '{}'::jsonb and (asked like '%update' or asked = 'cart_change')
            then jsonb_build_object('field', 'wanted', 'problem', 'it names no field to change')
        end
    );
end $$;

comment on function crm.wanted_problem(text, text, jsonb, jsonb) is
'The first thing that is wrong with what a request wants, for crm.request_change; null: nothing is.';
