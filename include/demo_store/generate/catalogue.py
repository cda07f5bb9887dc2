"""The products of the demo shop: every product type of Magento 1, with the options an order line remembers.

Prices are EUR list prices in ten-thousandths; website currencies derive from them. The options are PHP-serialized,
the only trace on the wire of which line belongs to which.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from include.demo_store.generate import money
from include.demo_store.generate.php import serialize

_WORDS = (
    "Leinenhemd", "Wool Scarf", "Écharpe en soie", "Kaffeebecher „Züri“", "O'Neill Beanie", "Desk Lamp", "Teekanne",
    "R&D Handbook <2nd ed.>", "Rain Jacket", "Notizbuch A5", "Bougie parfumée", "Enamel Pan", "Wanderkarte", "Tote Bag",
    "Küchenmesser 20 cm", "Linen Napkins (4)", "Porte-clés", "Garden Gloves", "Fahrradklingel", 'Poster 24"x36"',
)  # fmt: skip
SIZES = ((5, "S"), (6, "M"), (7, "L"), (8, "XXL’"))
SIZE_ATTRIBUTE = 134


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product; `parts` are the products it is sold with (variants, selections, members of a group)."""

    product_id: int
    kind: str
    sku: str
    name: str
    price: int
    weight: int | None = None
    parts: tuple[Product, ...] = ()
    dynamic_price: bool = False
    """Bundles only: the parts carry the price, or the bundle does."""
    decimal_qty: bool = False
    custom_options: bool = False


def _simple(product_id: int) -> Product:
    word = _WORDS[product_id % len(_WORDS)]
    return Product(
        product_id=product_id, kind="simple", sku=f"NW-{product_id:03d}", name=word,
        price=(product_id * 733 % 9000 + 190) * money.CENT, weight=(product_id % 9 + 1) * 1000,
    )  # fmt: skip


def _configurable(product_id: int, first_variant: int, name: str, price: int) -> Product:
    variants = tuple(
        Product(product_id=first_variant + place, kind="simple", sku=f"NW-{product_id}-{option}",
                name=f"{name} {label}", price=price, weight=2500)
        for place, (option, label) in enumerate(SIZES)
    )  # fmt: skip
    return Product(
        product_id=product_id,
        kind="configurable",
        sku=f"NW-{product_id}",
        name=name,
        price=price,
        parts=variants,
    )


SIMPLE = tuple(_simple(number) for number in range(1, 31))
CONFIGURABLE = (
    _configurable(41, 146, "Conf Tee", 199500),
    _configurable(42, 150, "Regenjacke „Förde“", 894900),
)
BUNDLES = (
    Product(product_id=51, kind="bundle", sku="BUNDLE-51", name="Frühstücks-Set: Becher & Kanne", price=0,
            parts=SIMPLE[2:4], dynamic_price=True),
    Product(product_id=52, kind="bundle", sku="BUNDLE-52", name="Starter Kit (fixed price)", price=495000,
            weight=9000, parts=SIMPLE[5:8]),
)  # fmt: skip
GROUPED = Product(
    product_id=55, kind="grouped", sku="GROUP-55", name="Tafelset", price=0, parts=SIMPLE[10:13]
)
DOWNLOADS = (
    Product(product_id=61, kind="downloadable", sku="NW-EBOOK", name="E-Book „Nordwind“", price=129000),
    Product(product_id=62, kind="downloadable", sku="NW-MAPS", name="GPS Maps 2026", price=290000),
)
VIRTUAL = Product(product_id=65, kind="virtual", sku="NW-WARRANTY", name="Garantie + 2 Jahre", price=349900)
ENGRAVED = Product(product_id=66, kind="simple", sku="NW-ENGRAVED", name="Messer mit Gravur", price=590000,
                   weight=4000, custom_options=True)  # fmt: skip
FABRIC = Product(product_id=67, kind="simple", sku="NW-FABRIC", name="Stoff, Meterware", price=144900,
                 weight=3000, decimal_qty=True)  # fmt: skip
GIVEAWAY = Product(product_id=68, kind="simple", sku="NW-FREE", name="Giveaway 0,00", price=0, weight=500)

ON_SALE: tuple[Product, ...] = (*SIMPLE, *SIMPLE, *CONFIGURABLE * 5, *BUNDLES * 4, *(GROUPED,) * 5, *DOWNLOADS * 2,
                                *(VIRTUAL,) * 4, *(ENGRAVED,) * 4, *(FABRIC,) * 3, GIVEAWAY)  # fmt: skip
"""What shoppers choose from, each as often as its share asks for."""


def _php_qty(qty: int) -> int | float:
    return qty // money.ONE if qty % money.ONE == 0 else qty / money.ONE


@lru_cache(maxsize=4096)
def plain_options(product: Product, qty: int) -> str:
    """Options of a simple, virtual, downloadable or custom-option line."""
    request: dict[str, Any] = {"product": str(product.product_id), "qty": _php_qty(qty)}
    stored: dict[str, Any] = {"info_buyRequest": request}
    if product.kind == "downloadable":
        request["links"] = [str(product.product_id * 10 + 1), str(product.product_id * 10 + 2)]
        stored |= {"links": request["links"], "is_downloadable": True, "real_product_type": "downloadable"}
    if product.custom_options:
        request["options"] = {12: "Für Oma & Opa", 14: "3"}
        stored["options"] = [
            _option(12, "Gravur", "Für Oma & Opa", "Für Oma & Opa", "field"),
            _option(14, "Holzart", "Walnuss", "3", "drop_down"),
        ]
    return serialize(stored)


def _option(option_id: int, label: str, shown: str, value: str, kind: str) -> dict[str, Any]:
    return {
        "label": label, "value": shown, "print_value": shown, "option_id": str(option_id),
        "option_type": kind, "option_value": value, "custom_view": False,
    }  # fmt: skip


@lru_cache(maxsize=1024)
def configurable_options(product: Product, choice: int, qty: int) -> tuple[str, str]:
    """Options of the configurable line and of its child: the same buy request."""
    option, label = SIZES[choice]
    variant = product.parts[choice]
    request = {
        "product": str(product.product_id), "qty": _php_qty(qty), "super_attribute": {SIZE_ATTRIBUTE: str(option)},
    }  # fmt: skip
    parent = {
        "info_buyRequest": request, "attributes_info": [{"label": "Size", "value": label}],
        "simple_name": variant.name, "simple_sku": variant.sku, "product_calculations": 1, "shipment_type": 0,
    }  # fmt: skip
    return serialize(parent), serialize({"info_buyRequest": request})


@lru_cache(maxsize=1024)
def bundle_options(product: Product, qty: int, prices: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
    """Options of the bundle line and of each selection, at the selections' prices in order currency."""
    numbers = range(1, len(product.parts) + 1)
    request = {
        "product": str(product.product_id), "qty": _php_qty(qty),
        "bundle_option": {number: str(number) for number in numbers},
        "bundle_option_qty": {number: selection_qty(number) for number in numbers},
    }  # fmt: skip
    chosen = {
        number: {"option_id": str(number), "label": f"Teil {number}", "value": [
            {"title": part.name, "qty": selection_qty(number), "price": price / money.ONE}]}
        for number, part, price in zip(numbers, product.parts, prices, strict=True)
    }  # fmt: skip
    parent = {
        "info_buyRequest": request, "bundle_options": chosen,
        "product_calculations": 0 if product.dynamic_price else 1, "shipment_type": 0,
    }  # fmt: skip
    return serialize(parent), tuple(
        serialize({"info_buyRequest": request, "bundle_selection_attributes": serialize(
            {"price": price / money.ONE, "qty": float(selection_qty(number)), "option_label": f"Teil {number}",
             "option_id": str(number)})})
        for number, price in zip(numbers, prices, strict=True)
    )  # fmt: skip


def selection_qty(number: int) -> int:
    """How many pieces of the n-th selection a bundle holds: 1, 2, 1, ..."""
    return 2 - number % 2


@lru_cache(maxsize=64)
def grouped_options(group: Product) -> str:
    """Options of a member of a grouped product; the group itself is no line."""
    config = {"product_type": "grouped", "product_id": str(group.product_id)}
    return serialize(
        {
            "info_buyRequest": {"super_product_config": config},
            "super_product_config": {"product_code": "product_type", **config},
        }
    )
