"""The chain on the recorded Magento 2 store: every count and sum of its database, whatever the store does meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.entities.catalogue import ENTITIES, entity
from include.magento.rest import open_door
from include.magento.rest.address import RestAddress
from include.sync.reconcile import Reconciliation
from include.sync.sweep import Sweep
from tests.magento.rest.conftest import BEARER, KEYS, serving_rest
from tests.wire.chain import Chain, changed, channel
from tests.wire.conftest import Fresh

ODDITIES = (("--no-bearer",), ("--last-page-repeats",), ("--page-cap", "20"), ("--fail-every", "15"))
MET = ((), *ODDITIES, tuple(option for oddity in ODDITIES for option in oddity))
MAGENTO2 = channel(
    code="m2", name="Magento 2", kind="magento2", timezone="America/Chicago", reporting_currency="USD"
)
COUNTS = {
    "websites": "websites_incl_admin",
    "stores": "store_views_incl_admin",
    "customer_groups": "customer_groups",
    "customer_addresses": "customer_addresses",
    "orders": "orders",
    "order_items": "order_items",
    "order_comments": "order_status_histories",
    "invoices": "invoices",
    "shipments": "shipments",
    "shipment_tracks": "shipment_tracks",
    "credit_memos": "creditmemos",
    "credit_memo_comments": "creditmemo_comments",
    "carts": "carts_all",
    "products": "products",
    "categories": "categories_incl_roots",
    "stock_items": "source_items",
    "stock_sources": "source_items",
    "price_rules": "sales_rules",
    "coupons": "coupons",
}
WITHOUT_ADMIN = {"websites", "stores"}


@pytest.fixture(scope="module", params=MET, ids=" ".join)
def address(request: pytest.FixtureRequest, shared_dir: Path) -> Iterator[RestAddress]:
    """The store as it may be met."""
    options: tuple[str, ...] = request.param
    program = shared_dir / "tools" / "recorded_rest_store.py"
    with serving_rest(program, options, KEYS if "--no-bearer" in options else BEARER) as found:
        yield found


@pytest.fixture(scope="module")
def chain(address: RestAddress, fresh: Fresh) -> Chain:
    """The shop, loaded once."""
    chain = fresh(channel=MAGENTO2)
    chain.load(address)
    return chain


@pytest.fixture(scope="module")
def truth(shared_dir: Path) -> dict[str, Any]:
    """What the shop's database held."""
    found: dict[str, Any] = json.loads((shared_dir / "magento2" / "ground_truth.json").read_text())
    return found


def rows(chain: Chain, statement: str) -> list[Any]:
    with chain.engine.connect() as connection:
        return list(connection.execute(text(statement)))


def value(chain: Chain, statement: str) -> Any:
    return rows(chain, statement)[0][0]


def test_every_count_is_that_of_the_database(chain: Chain, truth: dict[str, Any]) -> None:
    found = {name: value(chain, f"select count(*) from crm.{name}") for name in COUNTS}  # noqa: S608
    assert found == {name: truth[key] - (name in WITHOUT_ADMIN) for name, key in COUNTS.items()}
    assert value(chain, "select count(*) from crm.customers where not is_guest") == truth["customers"]
    subscribed = "select count(*) from crm.newsletter_subscribers where status = 'subscribed'"
    assert value(chain, subscribed) == truth["customers_subscribed"]


def test_every_sum_is_that_of_the_database(chain: Chain, truth: dict[str, Any]) -> None:
    by_currency = rows(
        chain, "select order_currency_code, sum(grand_total_amount) from crm.orders group by 1"
    )
    assert dict(by_currency) == {
        code: _cents(sum_) for code, sum_ in truth["sum_grand_total_by_currency"].items()
    }
    sums = "select sum(base_grand_total_amount), sum(base_total_refunded_amount) from crm.orders"
    (found,) = rows(chain, sums)
    assert tuple(found) == (_cents(truth["sum_base_grand_total"]), _cents(truth["sum_total_refunded_base"]))


def test_states_stores_and_guests_are_those_of_the_database(chain: Chain, truth: dict[str, Any]) -> None:
    states = rows(
        chain, "select state || '/' || coalesce(status, 'NULL'), count(*) from crm.orders group by 1"
    )
    assert dict(states) == truth["orders_by_state_status"]
    stores = rows(chain, "select store_id::text, count(*) from crm.orders group by 1")
    assert dict(stores) == truth["orders_by_store"]
    groups = """
    select website_id || '/' || customer_group_id, count(*) from crm.customers where not is_guest group by 1
    """
    assert dict(rows(chain, groups)) == truth["customers_by_website_group"]
    open_carts = "select count(*) from crm.carts where is_active and item_count > 0"
    assert value(chain, open_carts) == truth["carts_active_nonempty"]


def test_lines_name_their_parents_so_that_bundles_count_once(chain: Chain) -> None:
    # Magento 2.4.4 takes the discount of a coupon on the whole cart off the line's total as well.
    off = """
    select count(*) from crm.orders as o
    where o.subtotal_amount is distinct from (
        select sum(i.row_total_amount + case when o.coupon_code = 'FIVEOFF' then i.discount_amount else 0 end)
        from crm.order_items as i
        where i.order_key = o.order_key and i.parent_item_key is null
    )
    """
    assert value(chain, off) == 0
    assert value(chain, "select count(*) from crm.order_items where parent_item_key is not null") > 0


def test_lines_of_open_carts_name_their_products_though_the_store_sends_article_numbers(chain: Chain) -> None:
    nameless = "select product_type, count(*) from crm.cart_items where product_id is null group by 1"
    assert dict(rows(chain, nameless)) == {}
    joined = """
    select count(*) from crm.cart_items join crm.products using (product_key) where products.sku = cart_items.sku
    """
    assert value(chain, joined) == value(chain, "select count(*) from crm.cart_items") > 0


def test_nothing_waits_and_no_field_is_unknown(chain: Chain) -> None:
    assert value(chain, "select count(*) from ops.quarantine") == 0
    assert (
        value(chain, "select count(*) from ops.windows where unknown_fields_json::text not in ('{}', 'null')")
        == 0
    )


def test_second_run_changes_nothing(chain: Chain, address: RestAddress) -> None:
    assert changed(chain.load(address)) == {}


def test_store_and_warehouse_have_the_same_records(chain: Chain, address: RestAddress) -> None:
    with closing(open_door(address, sleep=lambda _: None)) as door:
        reader = chain.by_id(door)
        numbered = [one for one in ENTITIES if not one.is_snapshot]
        assert {e.name: Reconciliation(reader=reader, entity=e).run() for e in numbered} == dict.fromkeys(
            (e.name for e in numbered), 0
        )
        found = Sweep(reader=reader, entity=entity("customers")).run()
    assert found is not None
    assert (found.gone, found.changed, len(found.wanted)) == ([], 0, 60)


def _cents(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.0001"))
