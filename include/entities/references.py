"""References that rows of many kinds hold alike: to the store view, the price group and the product.

The row itself must have the ids they are made of, under the same names.
"""

from __future__ import annotations

from include.entities.model import Reference

STORE = Reference(
    name="store_key",
    table="stores",
    ids=("store_id",),
    comment="Store view. NULL once it was deleted.",
)
CUSTOMER_GROUP = Reference(
    name="customer_group_key",
    table="customer_groups",
    ids=("customer_group_id",),
    comment="Price group.",
)
PRODUCT = Reference(
    name="product_key",
    table="products",
    ids=("product_id",),
    comment="The product. NULL once it was deleted.",
)
