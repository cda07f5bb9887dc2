"""A shopper's cart as one that the API may write into: what the shop generated is laid out as if it had been typed.

What a newcomer would get wrong: its lines keep the ids that the shop gave them; only what is put in later gets new
ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from include.demo_store.generate.customers import Row
from include.demo_store.generate.lines import Line
from include.demo_store.generate.written_carts import Put, WrittenCart
from include.demo_store.stores import STORE_BY_ID

if TYPE_CHECKING:
    from include.demo_store.shop import Shop


def taken_over(shop: Shop, cart_id: int, next_line: int) -> WrittenCart:
    """A shopper's cart as it stands; `next_line` is the id of the next line put in."""
    cart, draft = shop.cart(cart_id), shop.cart_draft(cart_id)
    if cart is None:
        raise ValueError("There is no such cart in the shop: look up an id that its list shows.")
    row, register = cart.row, shop.registers.carts
    names = ("checkout_method", "password_hash")
    shipping = dict(cart.shipping_address)
    return WrittenCart(
        cart_id=cart_id, store=STORE_BY_ID[int(row["store_id"] or 0)], created=register.created[cart_id - 1],
        updated=register.updated[cart_id - 1], next_line=next_line,
        is_active=row["is_active"] == "1", coupon=draft.coupon,
        puts=_puts(draft.basket.lines, [int(item["item_id"] or 0) for item in cart.items]),
        buyer={name: value for name, value in row.items() if name.startswith("customer_") or name in names},
        billing=_card(cart.billing_address), shipping=_card(shipping), method=shipping.get("shipping_method"),
        payment={name: cart.payment.get(name) for name in ("method", "po_number") if cart.payment.get(name)},
        order_numbers=[row["reserved_order_id"]] if row["reserved_order_id"] else [],
    )  # fmt: skip


def _puts(lines: list[Line], ids: list[int]) -> list[Put]:
    """Products of lines that were laid out by somebody else, with the ids these have."""
    found: list[Put] = []
    for line, number in zip(lines, ids, strict=True):
        if line.parent is not None:
            found[-1].line_ids.append(number)
            continue
        skus = [part.sku for part in line.product.parts]
        found.append(Put(line.product, line.qty, skus.index(line.sku) if line.sku in skus else 0, [number]))
    return found


def _card(address: Row) -> Row:
    """An address without what is the cart's own; empty where nobody typed one."""
    ours = ("firstname", "lastname", "middlename", "prefix", "suffix", "company", "street", "city", "region",
            "region_id", "postcode", "country_id", "telephone", "fax", "customer_address_id")  # fmt: skip
    return {name: address.get(name) for name in ours} if address.get("street") else {}
