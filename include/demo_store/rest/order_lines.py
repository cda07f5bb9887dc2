"""Lines of orders and carts as JSON, with the options that were chosen.

A child names its parent, and repeats it whole; what is chosen of a configurable product or a bundle is told on the
parent only. A dynamic bundle carries the sum of its children once more.
"""

from __future__ import annotations

from typing import Any

from include.demo_store.generate import catalogue
from include.demo_store.generate.catalogue import SIZE_ATTRIBUTE, Product
from include.demo_store.generate.customers import Row
from include.demo_store.generate.money import ONE, sql_amount, text, to_cents
from include.demo_store.rest.shapes import Json, Shape

_LINE = Shape(
    i="free_shipping is_qty_decimal is_virtual item_id no_discount order_id product_id quote_item_id parent_item_id "
    "store_id",
    s="applied_rule_ids created_at updated_at name product_type sku weee_tax_applied",
    n="amount_refunded base_amount_refunded base_cost base_discount_amount base_discount_invoiced base_original_price "
    "base_price base_price_incl_tax base_row_invoiced base_row_total base_row_total_incl_tax base_tax_amount "
    "base_tax_invoiced discount_amount discount_invoiced discount_percent original_price price price_incl_tax "
    "qty_canceled qty_invoiced qty_ordered qty_refunded qty_shipped row_invoiced row_total row_total_incl_tax "
    "row_weight tax_amount tax_invoiced tax_percent weight discount_tax_compensation_amount "
    "base_discount_tax_compensation_amount tax_refunded base_tax_refunded discount_refunded base_discount_refunded "
    "tax_canceled",
)
_ZERO = "0.0000"
_BY_NUMBER = {product.product_id: product for product in catalogue.ON_SALE}


def of_order(items: list[Row], store_id: str | None) -> list[Json]:
    """An order's lines by id."""
    found: dict[str, Json] = {}
    lines = []
    for row in items:
        line = _LINE.fill(_in_full(row, store_id))
        if option := option_of(row["product_id"], row["sku"], row["product_type"]):
            line["product_option"] = {"extension_attributes": option}
        if parent := row["parent_item_id"]:
            line["parent_item"] = found[parent]
        found[row["item_id"] or ""] = line
        lines.append(line)
    return lines


def _in_full(row: Row, store_id: str | None) -> Row:
    """With the columns that only Magento 2 has."""
    own: Row = {"store_id": store_id, "weee_tax_applied": "[]" if row.get("tax_percent") else None}
    own |= {
        name: row.get(name) or _ZERO for name in ("tax_amount", "base_tax_amount", "row_weight", "weight")
    }
    own["discount_percent"] = row.get("discount_percent") or _ZERO
    if row["qty_canceled"] != _ZERO:
        own["tax_canceled"] = own["tax_amount"]
    if row["parent_item_id"] and not row.get("base_original_price"):
        own["tax_percent"] = _ZERO
    for base in ("", "base_"):
        total, tax = sql_amount(row[f"{base}row_total"]), sql_amount(row.get(f"{base}tax_amount"))
        own[f"{base}row_total_incl_tax"] = text(total + tax)
        own[f"{base}discount_amount"] = row.get(f"{base}discount_amount") or _ZERO
        if row.get("base_original_price"):
            each = sql_amount(row[f"{base}price"]) + to_cents(tax * ONE // sql_amount(row["qty_ordered"]))
            own[f"{base}price_incl_tax"] = text(each)
        if row["qty_refunded"] != _ZERO:
            own[f"{base}tax_refunded"] = own[f"{base}tax_amount"]
            own[f"{base}discount_refunded"] = own[f"{base}discount_amount"]
        if row.get("tax_percent"):
            own[f"{base}discount_tax_compensation_amount"] = _ZERO
    return row | own


def option_of(product_id: str | None, sku: str | None, kind: str | None) -> Json | None:
    """What was chosen of a product; None where there was nothing to choose."""
    product = _BY_NUMBER.get(int(product_id or 0))
    if product is None or product.kind != kind:
        return None
    return _option(product, sku or "")


def _option(product: Product, sku: str) -> Json | None:
    if product.kind == "configurable":
        size = sku.rpartition("-")[2]
        return {"configurable_item_options": [{"option_id": str(SIZE_ATTRIBUTE), "option_value": int(size)}]}
    if product.kind == "bundle":
        numbers = range(1, len(product.parts) + 1)
        return {"bundle_options": [_selection(number) for number in numbers]}
    if product.kind == "downloadable":
        links = [product.product_id * 10 + 1, product.product_id * 10 + 2]
        return {"downloadable_option": {"downloadable_links": links}}
    if product.custom_options:
        chosen = (("12", "Für Oma & Opa"), ("14", "3"))
        return {"custom_options": [{"option_id": number, "option_value": value} for number, value in chosen]}
    return None


def _selection(number: int) -> dict[str, Any]:
    qty = catalogue.selection_qty(number)
    return {"option_id": number, "option_qty": qty, "option_selections": [number]}
