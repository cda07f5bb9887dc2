"""Every entity, in the order in which a whole run reads them."""

from __future__ import annotations

from include.entities.carts import CARTS_ENTITY
from include.entities.categories import CATEGORIES_ENTITY
from include.entities.credit_memos import CREDIT_MEMOS_ENTITY
from include.entities.customers import CUSTOMERS_ENTITY
from include.entities.invoices import INVOICES_ENTITY
from include.entities.model import Entity, Table
from include.entities.newsletter_subscribers import NEWSLETTER_SUBSCRIBERS_ENTITY
from include.entities.orders import ORDERS_ENTITY
from include.entities.price_rules import PRICE_RULES_ENTITY
from include.entities.products import PRODUCTS_ENTITY
from include.entities.regions import REGIONS_ENTITY
from include.entities.shipments import SHIPMENTS_ENTITY
from include.entities.stock import STOCK_ENTITY
from include.entities.stores import STORES_ENTITY

ENTITIES: tuple[Entity, ...] = (
    STORES_ENTITY,
    REGIONS_ENTITY,
    CUSTOMERS_ENTITY,
    CARTS_ENTITY,
    ORDERS_ENTITY,
    INVOICES_ENTITY,
    SHIPMENTS_ENTITY,
    CREDIT_MEMOS_ENTITY,
    NEWSLETTER_SUBSCRIBERS_ENTITY,
    CATEGORIES_ENTITY,
    PRODUCTS_ENTITY,
    STOCK_ENTITY,
    PRICE_RULES_ENTITY,
)
ENTITY_NAMES: tuple[str, ...] = tuple(entity.name for entity in ENTITIES)


def entity(name: str) -> Entity:
    """The entity of this name; KeyError when there is none."""
    return {e.name: e for e in ENTITIES}[name]


def tables() -> tuple[Table, ...]:
    """Every crm table, in the order of their entities."""
    return tuple(table for e in ENTITIES for table in e.tables)
