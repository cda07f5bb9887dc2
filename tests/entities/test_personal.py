"""Nothing about a person is overlooked: what is not tagged as personal is named here as harmless."""

from __future__ import annotations

import pytest
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSON, JSONB

from include.entities.catalogue import ENTITIES
from include.entities.model import Entity
from include.warehouse.schema import CRM, HISTORY, PERSONAL

pytestmark = pytest.mark.contract

# A new column of text fails until it is tagged is_personal or listed here. Listed is what says nothing about a person,
# whatever people write into it; free text never does.
HARMLESS = frozenset(
    """
    address_type
    applied_rule_ids
    base_currency_code
    card_type
    carrier_code
    carrier_title
    cart_currency_code
    category_name
    category_names_json
    channel_code
    checkout_method
    combined_code
    country_code
    country_iso3_code
    country_name
    coupon_code
    coupon_type
    created_in
    credit_memo_number
    currency_code
    customer_group_code
    customer_group_ids_json
    customer_number
    discount_action
    discount_description
    full_name
    global_currency_code
    hold_before_state
    hold_before_status
    invoice_number
    last_transaction_number
    order_currency_code
    order_number
    original_order_number
    owner_name
    path
    payment_method
    product_description
    product_image_url
    product_name
    product_type
    product_url
    region_code
    region_name
    reserved_order_number
    rule_description
    rule_name
    shipment_number
    shipping_description
    shipping_method
    sku
    source_code
    source_name
    state
    status
    store_code
    store_currency_code
    store_name
    transaction_number
    url_path
    url_slug
    visibility
    website_code
    website_ids_json
    website_name
    """.split()
)
each_entity = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)


def texts() -> list[tuple[str, str]]:
    """Columns of crm that can hold a text of any kind and are not tagged; keys are made of ids."""
    return [
        (table.name, column.name)
        for table in (*CRM.values(), *HISTORY.values())
        for column in table.columns
        if isinstance(column.type, Text | JSON | JSONB)
        and not column.name.endswith("_key")
        and not column.info.get(PERSONAL)
    ]


def test_every_column_of_text_is_tagged_personal_or_known_to_be_harmless() -> None:
    assert [f"{table}.{column}" for table, column in texts() if column not in HARMLESS] == []


def test_the_list_of_the_harmless_names_only_columns_that_there_are() -> None:
    assert {column for _, column in texts()} >= HARMLESS


@each_entity
def test_an_entity_with_personal_columns_says_whose_its_records_are(entity: Entity) -> None:
    personal = [f.name for table in entity.tables for f in table.fields if f.is_personal]
    assert bool(personal) == (entity.person is not None)
    if entity.person is None:
        return
    columns = CRM[entity.root.name].columns.keys()
    assert {*entity.person.emails, *entity.person.through} <= set(columns)
    assert set(entity.person.through.values()) <= {other.name for other in ENTITIES if other.person}
    assert entity.person.emails or entity.person.through


@each_entity
def test_a_record_stays_valid_without_its_person(entity: Entity) -> None:
    """An erased person's columns are NULL before the checks: a required one would put the record in quarantine."""
    required = [f.name for table in entity.tables for f in table.fields if f.is_personal and f.is_required]
    keys = {
        name
        for table in entity.tables
        for name in (*table.key, *(i for r in table.references for i in r.ids))
    }
    assert required == []
    assert not [f.name for table in entity.tables for f in table.fields if f.is_personal and f.name in keys]
