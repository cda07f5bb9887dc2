"""What is to be put into a cart over the API, and what stands against it before the stock is looked at."""

from __future__ import annotations

from typing import NamedTuple

from include.demo_store.generate.catalogue import Product
from include.demo_store.generate.written_carts import Put


class Wanted(NamedTuple):
    """What is to be put into a cart."""

    product: Product | None
    """None where there is no such product."""
    qty: int
    """In ten-thousandths."""
    is_chosen: bool
    """Whether its options are chosen."""
    choice: int | None = None
    """Place of the variant, of an API that can choose one."""


def put_in(puts: list[Put], product: Product, qty: int, choice: int) -> None:
    """More of what is in a cart, or something new; each choice of a product is a line of its own."""
    for put in puts:
        if (put.product.product_id, put.choice) == (product.product_id, choice):
            put.qty += qty
            return
    puts.append(Put(product, qty, choice))


def not_addable(product: Product, wanted: Wanted) -> str | None:
    """Why a product cannot be put in as asked for, in the words of Magento; None where it can."""
    is_open = product.kind == "configurable" and wanted.choice is None
    if is_open or product.kind == "grouped" or (product.kind == "bundle" and not wanted.is_chosen):
        return "Please specify the product's option(s)."
    if product.custom_options and not wanted.is_chosen:
        return "Please specify the product's required option(s)."
    return None
