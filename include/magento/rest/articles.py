"""Article numbers of products, which carts of Magento 2 know their lines by, and the ids of Magento 1's carts.

A line of a configurable product has the number of the variant that was chosen: which product it was chosen of is told
by the product that links to the variant. What is found stays found as long as the door is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.magento.door import Record, children, texts
from include.magento.faults import WriteRefused
from include.magento.rest.criteria import Condition, Filter, query
from include.magento.rest.dictionaries import VALUES_PER_CALL, of_values
from include.magento.rest.listing import page_of
from include.magento.rest.session import Session

_PATH = "products"
CONFIGURABLE = "configurable"


@dataclass(frozen=True, slots=True)
class Article:
    """A product: its numbers, and for a configurable one the attributes to choose by and its variants."""

    product_id: int
    sku: str
    attributes: frozenset[str]
    variants: frozenset[int]

    def chooses_by(self, option: str) -> bool:
        """Whether an option chooses a variant; of one whose attributes the store does not tell, every option does."""
        return option in self.attributes or (bool(self.variants) and not self.attributes)


class Articles:
    """The products of one store, looked up as they are needed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_sku: dict[str, Article | None] = {}

    def sku_of(self, product_id: int) -> str:
        """The article number of a product; raises WriteRefused where there is none."""
        for known in self._by_sku.values():
            if known is not None and known.product_id == product_id:
                return known.sku
        for found in self._asked(Filter("entity_id", Condition.EQUAL, product_id)):
            self._by_sku[found.sku] = found
            return found.sku
        raise WriteRefused(f"Product {product_id} is not in the store.")

    def of(self, skus: Sequence[str]) -> Mapping[str, Article]:
        """The products with these article numbers, as far as they are still there."""
        unknown = sorted({sku for sku in skus if sku and sku not in self._by_sku})
        for start in range(0, len(unknown), VALUES_PER_CALL):
            some = unknown[start : start + VALUES_PER_CALL]
            rows = of_values(self._session, _PATH, "sku", some, size=VALUES_PER_CALL)
            found = {article.sku: article for article in map(_article, rows)}
            self._by_sku |= {sku: found.get(sku) for sku in some}
        return {sku: article for sku in skus if (article := self._by_sku.get(sku)) is not None}

    def chosen_of(self, variant: str, name: str) -> Article | None:
        """The configurable product that a variant was chosen of; its line has that product's name."""
        number = self.of([variant]).get(variant)
        if number is None:
            return None
        kind = Filter("type_id", Condition.EQUAL, CONFIGURABLE)
        for article in self._asked(Filter("name", Condition.EQUAL, name), kind):
            if number.product_id in article.variants:
                return article
        return None

    def _asked(self, *filters: Filter) -> list[Article]:
        asked = query(filters, sort="entity_id", size=VALUES_PER_CALL)
        rows, _ = page_of(_PATH, self._session.ask(_PATH, asked))
        return [_article(row) for row in rows]


def _article(row: Record) -> Article:
    extension = row.get("extension_attributes")
    told = extension if isinstance(extension, dict) else {}
    options = children(told, "configurable_product_options")
    return Article(
        product_id=int(str(row.get("id") or 0)),
        sku=str(row.get("sku") or ""),
        attributes=frozenset(str(option.get("attribute_id")) for option in options),
        variants=frozenset(
            int(link) for link in texts(told, "configurable_product_links") if link.isdecimal()
        ),
    )
