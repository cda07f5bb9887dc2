"""Invoices and shipments with all their children: from the demo store, in both modes, whose answers match the recorded.

The recorded store has their headers only; see `test_invoices.py` and `test_shipments.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.demo_store.running import RunningStore, running_store
from include.magento.address import StoreAddress
from include.sync.plan import Request
from tests.wire.chain import Chain, changed, contents
from tests.wire.conftest import Fresh
from tests.wire.values import typed

PAPERS = ("invoices", "shipments")
WAYS = {"standard": {}, "stock": {"bridge": False}, "WS-I": {"wsi": True}}
Columns = Mapping[str, str]
INVOICE = {
    "invoice_number": "increment_id",
    "order_id": "order_id",
    "store_id": "store_id",
    "order_currency_code": "order_currency_code",
    "base_currency_code": "base_currency_code",
    "global_currency_code": "global_currency_code",
    "base_to_global_rate": "base_to_global_rate",
    "grand_total_amount": "grand_total",
    "base_grand_total_amount": "base_grand_total",
    "subtotal_amount": "subtotal",
    "base_shipping_amount": "base_shipping_amount",
    "tax_amount": "tax_amount",
    "discount_amount": "discount_amount",
    "source_created_at": "created_at",
    "source_updated_at": "updated_at",
}
INVOICE_ITEM = {
    "order_item_id": "order_item_id",
    "product_id": "product_id",
    "sku": "sku",
    "product_name": "name",
    "invoiced_qty": "qty",
    "price_amount": "price",
    "base_row_total_amount": "base_row_total",
    "tax_amount": "tax_amount",
}
SHIPMENT = {
    "shipment_id": "shipment_id",
    "order_id": "order_id",
    "store_id": "store_id",
    "shipped_qty": "total_qty",
    "source_created_at": "created_at",
    "source_updated_at": "updated_at",
}
SHIPMENT_ITEM = {
    "order_item_id": "order_item_id",
    "product_id": "product_id",
    "sku": "sku",
    "shipped_qty": "qty",
    "weight": "weight",
}
TRACK = {
    "carrier_code": "carrier_code",
    "carrier_title": "title",
    "tracking_number": "number",
    "source_created_at": "created_at",
    "source_updated_at": "updated_at",
}
COMMENT = {
    "comment_text": "comment",
    "is_customer_notified": "is_customer_notified",
    "source_created_at": "created_at",
}


def address(store: RunningStore) -> StoreAddress:
    return StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)


@contextmanager
def loaded(chain: Chain, **settings: Any) -> Iterator[RunningStore]:
    with running_store(customers=40, orders=260, **settings) as store:
        chain.load(address(store), entities=PAPERS)
        yield store


def told(rows: Iterable[Mapping[str, Any]], id_field: str, columns: Columns) -> dict[str, dict[str, object]]:
    """Rows of the shop, typed, under the warehouse's names and keys."""
    return {
        f"us:{row[id_field]}": {c: typed(c, row.get(name)) for c, name in columns.items()} for row in rows
    }


def held(engine: Engine, table: str, columns: Columns) -> dict[str, dict[str, object]]:
    return {key: {c: row[c] for c in columns} for key, row in contents(engine, table).items()}


def children(
    papers: Iterable[Any], name: str, id_field: str, columns: Columns
) -> dict[str, dict[str, object]]:
    return told((row for paper in papers for row in getattr(paper, name)), id_field, columns)


@pytest.mark.parametrize("way", WAYS)
def test_invoices_come_with_the_lines_and_comments_the_shop_holds(fresh: Fresh, way: str) -> None:
    chain = fresh()
    with loaded(chain, **WAYS[way]) as store:
        papers = list(store.shop.invoices())
    engine = chain.engine
    assert held(engine, "invoices", INVOICE) == told((p.row for p in papers), "invoice_id", INVOICE)
    assert held(engine, "invoice_items", INVOICE_ITEM) == children(papers, "items", "item_id", INVOICE_ITEM)
    comments = children(papers, "comments", "comment_id", COMMENT)
    assert held(engine, "invoice_comments", COMMENT) == comments != {}
    owners = {f"us:{row['item_id']}": f"us:{p.row['invoice_id']}" for p in papers for row in p.items}
    assert {k: r["invoice_key"] for k, r in contents(engine, "invoice_items").items()} == owners
    assert {row["state"] for row in contents(engine, "invoices").values()} == {"paid"}
    assert whole(engine)


@pytest.mark.parametrize("way", WAYS)
def test_shipments_come_with_the_lines_tracks_and_comments_the_shop_holds(fresh: Fresh, way: str) -> None:
    chain = fresh()
    with loaded(chain, **WAYS[way]) as store:
        papers = list(store.shop.shipments())
    engine = chain.engine
    assert held(engine, "shipments", SHIPMENT) == told((p.row for p in papers), "increment_id", SHIPMENT)
    assert held(engine, "shipment_items", SHIPMENT_ITEM) == children(
        papers, "items", "item_id", SHIPMENT_ITEM
    )
    assert held(engine, "shipment_tracks", TRACK) == children(papers, "tracks", "track_id", TRACK) != {}
    comments = children(papers, "comments", "comment_id", COMMENT)
    assert held(engine, "shipment_comments", COMMENT) == comments != {}
    owners = {f"us:{row['track_id']}": f"us:{p.row['increment_id']}" for p in papers for row in p.tracks}
    assert {k: r["shipment_key"] for k, r in contents(engine, "shipment_tracks").items()} == owners
    assert whole(engine)


def whole(engine: Engine) -> bool:
    """Whether nothing was missing, nothing is unknown and nothing waits."""
    with engine.connect() as connection:
        marks = connection.execute(
            text("select is_partial, remarks, unknown_fields_json from ops.windows")
        ).all()
        waiting = connection.execute(text("select count(*) from ops.quarantine")).scalar_one()
    return waiting == 0 and {(bool(m.is_partial), m.remarks, str(m.unknown_fields_json)) for m in marks} == {
        (False, None, "{}")
    }


def test_what_was_written_since_arrives_with_the_next_run_and_nothing_else_changes(fresh: Fresh) -> None:
    chain = fresh()
    with loaded(chain) as store:
        before = {table: contents(chain.engine, table, bookkeeping=True) for table in PAPERS}
        assert changed(chain.load(address(store), entities=PAPERS)) == {}
        store.tick(72)
        outcomes = chain.load(address(store), entities=PAPERS)
        invoices, shipments = list(store.shop.invoices()), list(store.shop.shipments())
    assert held(chain.engine, "invoices", INVOICE) == told((p.row for p in invoices), "invoice_id", INVOICE)
    assert held(chain.engine, "shipments", SHIPMENT) == told(
        (p.row for p in shipments), "increment_id", SHIPMENT
    )
    assert outcomes["invoices"]["inserted"] == len(invoices) - len(before["invoices"]) > 0
    assert outcomes["shipments"]["inserted"] == len(shipments) - len(before["shipments"]) > 0
    for table in PAPERS:
        after = contents(chain.engine, table, bookkeeping=True)
        assert {key: after[key] for key in before[table]} == before[table]


def test_paper_the_shop_dies_on_waits_and_all_others_load(fresh: Fresh) -> None:
    chain = fresh()
    with loaded(chain, fatal=("invoice:3", "shipment:2")) as store:
        shop = store.shop
        invoices = {f"us:{p.row['invoice_id']}" for p in shop.invoices()}
        shipments = {f"us:{p.row['increment_id']}" for p in shop.shipments() if p.row["shipment_id"] != "2"}
        (second,) = (p.row["created_at"] for p in shop.shipments() if p.row["shipment_id"] == "2")
    assert contents(chain.engine, "invoices").keys() == invoices - {"us:3"}
    with chain.engine.connect() as connection:
        waiting = connection.execute(text("select record_key from ops.quarantine order by 1")).scalars().all()
    assert contents(chain.engine, "shipments").keys() == shipments
    # The list of shipments has no ids to single one out by: the second it was made in is all that can be told.
    assert waiting == ["us:3", f"us:at-{second.replace(' ', 'T')}Z"]


def test_full_resync_finds_the_same(fresh: Fresh) -> None:
    chain = fresh()
    with loaded(chain) as store:
        before = {table: contents(chain.engine, table, bookkeeping=True) for table in PAPERS}
        outcomes = chain.load(address(store), Request(is_full_resync=True), PAPERS)
    assert changed(outcomes) == {}
    assert outcomes["shipments"]["unchanged"] == len(before["shipments"])
