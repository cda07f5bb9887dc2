"""An open cart of a Magento 2 store as one record, under the names that Magento 1's call for a cart has.

So whoever builds carts sees one kind of them. What a newcomer would get wrong: the field called grand_total leaves the
tax out, so the total is the last of the segments; and a guest's e-mail stands nowhere but in the billing address.
"""

from __future__ import annotations

from include.magento.cart_changes import CartRef
from include.magento.door import Record, children, texts
from include.magento.faults import RecordGone
from include.magento.rest.articles import CONFIGURABLE, Article, Articles
from include.magento.rest.cart_lines import chosen
from include.magento.rest.records import record_of
from include.magento.rest.session import Session

TOTAL = "grand_total"
_NO_REGION = "0"


class CartView:
    """Reads carts of one store."""

    def __init__(self, session: Session, articles: Articles) -> None:
        self._session = session
        self._articles = articles

    def cart(self, cart: CartRef, view: str) -> Record:
        """The cart with lines, addresses, methods and totals; raises RecordGone where it is not open."""
        raw = self.raw(cart, view)
        totals = self.totals(cart, view)
        payment = self.part(cart, view, "selected-payment-method")
        customer, currency = _part(raw, "customer"), _part(raw, "currency")
        return {
            "items": self._lines(raw),
            "coupon_code": totals.get("coupon_code"),
            "grand_total": _segments(totals).get(TOTAL),
            "quote_currency_code": currency.get("quote_currency_code"),
            "is_virtual": raw.get("is_virtual"),
            "customer_id": customer.get("id"),
            "customer_email": email_of(raw),
            "billing_address": _address(_part(raw, "billing_address")),
            "shipping_address": _shipping(raw),
            "payment": payment,
        }

    def raw(self, cart: CartRef, view: str) -> Record:
        """The cart as the store tells it."""
        raw = record_of(self._session.ask(f"carts/{cart.cart_id}", store=view))
        if raw.get("is_active") != "1":
            raise RecordGone("The cart asked for is not open any more in the store.")
        return raw

    def totals(self, cart: CartRef, view: str) -> Record:
        """Its totals."""
        return self.part(cart, view, "totals")

    def part(self, cart: CartRef, view: str, name: str) -> Record:
        """What the store tells apart from the cart; nothing where it is not chosen yet."""
        return record_of(self._session.ask(f"carts/{cart.cart_id}/{name}", store=view))

    def _lines(self, raw: Record) -> list[Record]:
        lines = children(raw, "items")
        known = self._articles.of([str(line.get("sku") or "") for line in lines])
        return [self._line(line, known.get(str(line.get("sku")))) for line in lines]

    def _line(self, line: Record, article: Article | None) -> Record:
        told: Record = {**line, "product_id": None if article is None else str(article.product_id)}
        if line.get("product_type") != CONFIGURABLE:
            return told
        chosen_of = self._articles.chosen_of(str(line.get("sku") or ""), str(line.get("name") or ""))
        if chosen_of is None:
            return told
        return {
            **told,
            "product_id": str(chosen_of.product_id),
            "chosen_of": chosen_of.sku,
            "chosen": {**chosen(line)},
        }


def shipping_of(raw: Record) -> Record:
    """Address and method of shipping of a cart as the store tells it."""
    assignments = children(_part(raw, "extension_attributes"), "shipping_assignments")
    return _part(assignments[0], "shipping") if assignments else {}


def email_of(raw: Record) -> str | None:
    """The e-mail of whose cart it is."""
    found = _part(raw, "customer").get("email") or _part(raw, "billing_address").get("email")
    return found if isinstance(found, str) else None


def _segments(totals: Record) -> Record:
    return {str(one.get("code")): one.get("value") for one in children(totals, "total_segments")}


def _shipping(raw: Record) -> Record:
    shipping = shipping_of(raw)
    return {**_address(_part(shipping, "address")), "shipping_method": shipping.get("method")}


def _address(address: Record) -> Record:
    """Streets as one text and no region as none, as Magento 1 has them."""
    if not address:
        return {}
    number = address.get("region_id")
    street = "\n".join(texts(address, "street")).strip() or None
    return {**address, "street": street, "region_id": None if number == _NO_REGION else number}


def _part(record: Record, name: str) -> Record:
    part = record.get(name)
    return part if isinstance(part, dict) else {}
