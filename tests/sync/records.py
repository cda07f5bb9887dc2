"""Records as the door delivers them: nested text, None for what is absent. Every value can be overridden."""

from __future__ import annotations

from typing import Any

from include.magento.door import Record

CREATED = "2026-03-01 10:15:00"
UPDATED = "2026-03-02 12:00:00"


def item(item_id: int, /, **changes: Any) -> Record:
    """A simple line: 2 pieces at 10."""
    return {
        "item_id": str(item_id),
        "product_id": "7",
        "product_type": "simple",
        "sku": "mug",
        "name": "Mug",
        "qty_ordered": "2.0000",
        "price": "10.0000",
        "base_price": "10.0000",
        "row_total": "20.0000",
        "base_row_total": "20.0000",
        "tax_percent": "19.0000",
        "created_at": CREATED,
        "updated_at": UPDATED,
    } | changes


def address(address_id: int, /, **changes: Any) -> Record:
    """An address of an order."""
    return {
        "address_id": str(address_id),
        "firstname": "Ada",
        "lastname": "Byron",
        "street": "1 Mill Lane\nBack yard",
        "city": "London",
        "country_id": "GB",
    } | changes


def order(order_id: int, /, **changes: Any) -> Record:
    """A healthy order by a guest: one line, two addresses, a payment, one history row."""
    return {
        "order_id": str(order_id),
        "increment_id": f"1{order_id:08d}",
        "store_id": "1",
        "store_name": "Main\nMain Store\nEnglish",
        "state": "processing",
        "status": "processing",
        "customer_email": "ada@example.com",
        "order_currency_code": "EUR",
        "base_currency_code": "EUR",
        "store_currency_code": "EUR",
        "global_currency_code": "EUR",
        "subtotal": "20.0000",
        "base_subtotal": "20.0000",
        "tax_amount": "3.8000",
        "shipping_amount": "5.0000",
        "discount_amount": "0.0000",
        "grand_total": "28.8000",
        "base_grand_total": "28.8000",
        "created_at": CREATED,
        "updated_at": UPDATED,
        "items": [item(order_id * 100 + 1)],
        "billing_address": address(order_id * 10 + 1),
        "shipping_address": address(order_id * 10 + 2),
        "payment": {"payment_id": str(order_id), "method": "checkmo", "amount_ordered": "28.8000"},
        "status_history": [
            {"increment_id": str(order_id * 10), "status": "processing", "created_at": CREATED}
        ],
    } | changes


def customer(customer_id: int, /, **changes: Any) -> Record:
    """A healthy registered customer with one address."""
    return {
        "customer_id": str(customer_id),
        "email": f"person{customer_id}@example.com",
        "firstname": "Ada",
        "lastname": "Byron",
        "group_id": "1",
        "website_id": "1",
        "store_id": "1",
        "created_at": CREATED,
        "updated_at": UPDATED,
        "addresses": [{"customer_address_id": str(customer_id * 10), "city": "London", "country_id": "GB"}],
    } | changes


def credit_memo(memo_id: int, **changes: Any) -> Record:
    """A refund of one line."""
    known: dict[str, Any] = {
        "creditmemo_id": str(memo_id),
        "increment_id": f"9{memo_id:08}",
        "order_id": str(memo_id),
        "store_id": "1",
        "state": "2",
        "order_currency_code": "EUR",
        "base_currency_code": "EUR",
        "store_currency_code": "EUR",
        "global_currency_code": "EUR",
        "grand_total": "12.0000",
        "created_at": CREATED,
        "updated_at": UPDATED,
        "items": [{"item_id": str(memo_id * 100), "order_item_id": str(memo_id * 100 + 1), "qty": "1.0000"}],
        "comments": [{"comment_id": str(memo_id * 10), "comment": "Broken", "created_at": CREATED}],
    }
    return known | changes


def cart_item(item_id: int, /, **changes: Any) -> Record:
    """A line of a cart: 2 pieces at 10."""
    return {
        "item_id": str(item_id),
        "product_id": "7",
        "product_type": "simple",
        "sku": "mug",
        "name": "Mug",
        "qty": "2",
        "price": "10",
        "base_price": "10",
        "row_total": "20",
        "base_row_total": "20",
        "tax_percent": "19",
        "categories": [{"name": "Kitchen"}],
        "created_at": CREATED,
        "updated_at": UPDATED,
    } | changes


def cart(cart_id: int, /, **changes: Any) -> Record:
    """An open cart of a guest: one line, two addresses, a payment, as the bridge lists it."""
    return {
        "entity_id": str(cart_id),
        "store_id": "1",
        "is_active": "1",
        "items_count": "1",
        "items_qty": "2.0000",
        "customer_email": "ada@example.com",
        "quote_currency_code": "EUR",
        "base_currency_code": "EUR",
        "store_currency_code": "EUR",
        "global_currency_code": "EUR",
        "base_to_quote_rate": "1.0000",
        "subtotal": "20.0000",
        "grand_total": "23.8000",
        "created_at": CREATED,
        "updated_at": UPDATED,
        "items": [cart_item(cart_id * 100 + 1)],
        "billing_address": address(cart_id * 10 + 1),
        "shipping_address": address(cart_id * 10 + 2),
        "payment": {"payment_id": str(cart_id), "method": "ccsave", "cc_type": "VI", "cc_last4": "1111"},
    } | changes


def subscriber(subscriber_id: int, /, **changes: Any) -> Record:
    """A guest who is subscribed, as the bridge lists it."""
    return {
        "subscriber_id": str(subscriber_id),
        "store_id": "1",
        "customer_id": "0",
        "subscriber_email": f"reader{subscriber_id}@example.com",
        "subscriber_status": "1",
        "change_status_at": UPDATED,
    } | changes


def invoice(invoice_id: int, /, **changes: Any) -> Record:
    """A bill over one line."""
    known: dict[str, Any] = {
        "invoice_id": str(invoice_id),
        "increment_id": f"8{invoice_id:08}",
        "order_id": str(invoice_id),
        "store_id": "1",
        "state": "2",
        "order_currency_code": "EUR",
        "base_currency_code": "EUR",
        "store_currency_code": "EUR",
        "global_currency_code": "EUR",
        "grand_total": "12.0000",
        "created_at": CREATED,
        "updated_at": UPDATED,
        "items": [{"item_id": str(invoice_id * 100), "order_item_id": "1", "qty": "1.0000"}],
        "comments": [{"comment_id": str(invoice_id * 10), "comment": "Paid", "created_at": CREATED}],
    }
    return known | changes


def shipment(number: int, /, **changes: Any) -> Record:
    """A parcel with one line."""
    known: dict[str, Any] = {
        "increment_id": str(number),
        "shipment_id": str(number + 1000),
        "order_id": str(number),
        "store_id": "1",
        "total_qty": "2.0000",
        "created_at": CREATED,
        "updated_at": UPDATED,
        "items": [{"item_id": str(number * 100), "order_item_id": "1", "qty": "2.0000", "price": "10.0000"}],
        "tracks": [{"track_id": str(number * 10), "carrier_code": "dhl", "title": "DHL", "number": "00.11"}],
        "comments": [{"comment_id": str(number * 10), "comment": "Sent", "created_at": CREATED}],
    }
    return known | changes


def product(product_id: int, /, **changes: Any) -> Record:
    """A simple product in two categories, sold on one website."""
    known: dict[str, Any] = {
        "product_id": str(product_id),
        "sku": f"mug-{product_id}",
        "set": "4",
        "type": "simple",
        "name": "Mug",
        "status": "1",
        "visibility": "4",
        "has_options": "0",
        "price": "10.0000",
        "special_price": None,
        "category_ids": ["3", "4"],
        "website_ids": ["1"],
        "created_at": "2026-03-01T11:15:00+01:00",
        "updated_at": UPDATED,
    }
    return known | changes


def category(category_id: int, /, *below: Record, **changes: Any) -> Record:
    """A category and those under it, as the tree nests them."""
    known: dict[str, Any] = {
        "category_id": str(category_id),
        "parent_id": "0",
        "name": f"Category {category_id}",
        "is_active": "1",
        "position": "1",
        "level": "0",
        "children": list(below),
    }
    return known | changes


def tree() -> Record:
    """The topmost category, a store's root category and a leaf: one record, as a snapshot is read."""
    return {"tree": category(1, category(2, category(3)))}


def stock(*product_ids: int, **changes: Any) -> Record:
    """The counts of some products: one record, as a snapshot is read."""
    return {"stock_items": [
        {"product_id": str(n), "sku": f"mug-{n}", "qty": "5.0000", "is_in_stock": "1"} | changes for n in product_ids
    ]}  # fmt: skip


def stock_of_sources(sku: str, **quantities: str) -> Record:
    """How much of product 1 there is in some sources, as a snapshot is read from Magento 2."""
    held = [
        {"sku": sku, "source_code": code, "quantity": qty, "status": "1"} for code, qty in quantities.items()
    ]
    sources = [{"source_code": code, "name": code.title(), "enabled": "1"} for code in quantities]
    return {"products": [{"id": "1", "sku": sku}], "source_items": [*held], "sources": [*sources]}


def price_rules(*codes: str | None, first: int = 1) -> Record:
    """A price rule and its coupons: one record, as a snapshot is read from Magento 2."""
    rule = {
        "rule_id": str(first),
        "name": "Spring",
        "is_active": "1",
        "from_date": "2026-03-01",
        "to_date": None,
        "simple_action": "by_percent",
        "discount_amount": "10",
        "discount_step": "0",
        "coupon_type": "SPECIFIC_COUPON",
        "website_ids": ["1", "2"],
        "customer_group_ids": ["0"],
        "times_used": "3",
    }
    coupons = [
        {
            "coupon_id": str(number),
            "rule_id": str(first),
            "code": code,
            "times_used": "1",
            "type": "0",
            "is_primary": None,
        }
        for number, code in enumerate(codes, start=first)
    ]
    return {"rules": [rule], "coupons": [dict(coupon) for coupon in coupons]}


def _website(number: int) -> Record:
    return {"website_id": str(number), "code": f"site{number}", "name": f"Site {number}", "sort_order": "0"}


def _store(number: int, website: int) -> Record:
    return {
        "store_id": str(number),
        "code": f"view{number}",
        "name": f"View {number}",
        "website_id": str(website),
        "group_id": "1",
        "is_active": "1",
    }


STORES = tuple(_store(number, website) for number, website in ((1, 1), (2, 1), (3, 2)))


def dictionaries(**changes: Any) -> Record:
    """Websites, stores and groups: one record, as a snapshot is read."""
    known: dict[str, Any] = {
        "websites": [_website(1), _website(2)],
        "stores": list(STORES),
        "customer_groups": [{"customer_group_id": "0", "customer_group_code": "NOT LOGGED IN"}],
    }
    return known | changes


def region(number: int, country: str, code: str, name: str) -> Record:
    """A region as the bridge lists it."""
    return {"region_id": str(number), "countryCode": country, "code": code, "name": name}


def directory(**changes: Any) -> Record:
    """Countries and regions: one record, as a snapshot is read."""
    known: dict[str, Any] = {
        "countries": [
            {"country_id": "US", "iso2_code": "US", "iso3_code": "USA", "name": "United States"},
            {"country_id": "GB", "iso2_code": "GB", "iso3_code": "GBR", "name": "United Kingdom"},
        ],
        "regions": [region(1, "US", "AL", "Alabama"), region(12, "US", "CA", "California")],
    }
    return known | changes
