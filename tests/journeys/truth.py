"""What the demo shop's database holds, in the warehouse's words: told from the shop's own rows, without our mapping."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from include.demo_store.generate.orders import Order
from include.demo_store.shop import Shop

ZONE = ZoneInfo("Europe/Berlin")
ZERO = Decimal(0)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
Row = Mapping[str, Any]

CUSTOMERS = {
    "customer_id": "entity_id",
    "email": "email",
    "first_name": "firstname",
    "last_name": "lastname",
    "store_id": "store_id",
    "website_id": "website_id",
    "customer_group_id": "group_id",
    "birth_date": "dob",
    "source_created_at": "created_at",
    "source_updated_at": "updated_at",
}
ADDRESSES = {
    "customer_address_id": "customer_address_id",
    "street": "street",
    "city": "city",
    "postcode": "postcode",
    "country_code": "country_id",
    "telephone": "telephone",
}
_MONEY = "subtotal discount_amount tax_amount shipping_amount grand_total"
ORDERS = {
    "order_id": "entity_id",
    "order_number": "increment_id",
    "state": "state",
    "status": "status",
    "store_id": "store_id",
    "order_currency_code": "order_currency_code",
    "base_currency_code": "base_currency_code",
    "customer_email": "customer_email",
    "source_created_at": "created_at",
} | {
    f"{base}{name.removesuffix('_amount')}_amount": f"{base}{name}"
    for name in _MONEY.split()
    for base in ("", "base_")
}
ITEMS = {
    "order_item_id": "item_id",
    "order_id": "order_id",
    "parent_item_id": "parent_item_id",
    "product_type": "product_type",
    "sku": "sku",
    "product_name": "name",
    "ordered_qty": "qty_ordered",
    "row_total_amount": "row_total",
    "base_row_total_amount": "base_row_total",
}


def told(row: Row, columns: Mapping[str, str]) -> dict[str, str | None]:
    """The row under the warehouse's names, each value as the shop writes it."""
    return {ours: _text(row[theirs]) for ours, theirs in columns.items()}


def _text(value: str | None) -> str | None:
    if not value or not value.strip() or value.startswith("0000"):
        return None
    # XML cannot carry control characters: Magento sends their references as text, and text they stay.
    return _CONTROL.sub(lambda found: f"&#{ord(found[0])};", value)


def as_shop(value: Any) -> str | None:
    """A value of the warehouse as the shop writes it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return f"{value} 00:00:00"
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    return None if value is None else str(value)


def counting(shop: Shop) -> Iterator[Order]:
    """Orders that count."""
    return (order for order in shop.orders() if order.row["state"] != "canceled")


def _revenue(order: Order) -> Decimal:
    row: Row = order.row
    return Decimal(row["base_subtotal"]) - abs(Decimal(row["base_discount_amount"]))


SALES_MEASURES = (
    "order_count",
    "discounted_order_count",
    "item_qty",
    "gross_sales_amount",
    "discount_amount",
    "shipping_amount",
    "tax_amount",
    "revenue_amount",
    "grand_total_amount",
)


def daily_sales(shop: Shop) -> dict[tuple[Any, ...], dict[str, Decimal]]:
    """The report by (store, day, base currency), added up order by order."""
    days: dict[tuple[Any, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for order in counting(shop):
        row: Row = order.row
        bought = datetime.fromisoformat(row["created_at"]).replace(tzinfo=UTC).astimezone(ZONE)
        store = f"demo:{row['store_id']}" if row["store_id"] else None
        day = days[store, bought.date(), row["base_currency_code"]]
        own: list[Row] = [item for item in order.items if item["parent_item_id"] is None]
        day["order_count"] += 1
        day["discounted_order_count"] += Decimal(row["base_discount_amount"]) != 0
        day["item_qty"] += sum(Decimal(item["qty_ordered"]) for item in own)
        day["gross_sales_amount"] += sum(Decimal(item["base_row_total"]) for item in own)
        day["discount_amount"] += abs(Decimal(row["base_discount_amount"]))
        day["shipping_amount"] += Decimal(row["base_shipping_amount"])
        day["tax_amount"] += Decimal(row["base_tax_amount"])
        day["revenue_amount"] += _revenue(order)
        day["grand_total_amount"] += Decimal(row["base_grand_total"])
    return {key: dict(sums) for key, sums in days.items()}


@dataclass(slots=True)
class Buyer:
    """What someone bought, in all."""

    orders: int = 0
    revenue: Decimal = field(default=ZERO)


def repeat_customers(shop: Shop) -> dict[tuple[str | None, str], Buyer]:
    """Buyers of two or more orders: customers by key, guests by website and e-mail (key None in the end)."""
    buyers: dict[tuple[Any, ...], Buyer] = defaultdict(Buyer)
    for order in counting(shop):
        row: Row = order.row
        registered = row["customer_id"] and shop.customer(int(row["customer_id"]))
        email = (row["customer_email"] or "").strip().lower()
        if not registered and not email:
            continue
        who = (f"demo:{row['customer_id']}",) if registered else (None, row["website_id"], email)
        buyers[who].orders += 1
        buyers[who].revenue += _revenue(order) * Decimal(row["base_to_global_rate"])
    return {who: buyer for who, buyer in buyers.items() if buyer.orders >= 2}
