"""The websites, store views, customer groups and currencies of the demo shop.

`rate` of a website turns its base currency into the global currency (EUR); `order_rate` of a store view turns base
into order currency. One store view (Switzerland) sells in a currency that is not its website's base currency.
"""

from __future__ import annotations

from dataclasses import dataclass

GLOBAL_CURRENCY = "EUR"
SHOP_ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Website:
    """One website; base currency amounts are kept per website."""

    website_id: int
    code: str
    name: str
    group_name: str
    base_currency: str
    price_factor: float
    """Base currency units per EUR of list price."""
    rate: int
    """`base_to_global_rate` in ten-thousandths."""
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreView:
    """One store view: language, order currency, tax and the share of orders it takes (in 64ths)."""

    store_id: int
    code: str
    name: str
    website: Website
    order_currency: str
    order_rate: int
    tax_percent: int
    """In ten-thousandths of a percent, as the database prints it (19.0000 is 190000)."""
    locale: str
    country: str
    share: int


EUROPE = Website(
    website_id=1, code="base", name="Nordwind Europe", group_name="Nordwind Shop",
    base_currency="EUR", price_factor=1.0, rate=10000, is_default=True,
)  # fmt: skip
USA = Website(
    website_id=2, code="us", name="Nordwind US", group_name="Nordwind US Shop",
    base_currency="USD", price_factor=1.09, rate=9174,
)  # fmt: skip
UK = Website(
    website_id=3, code="uk", name="Nordwind UK & Ireland", group_name="Nordwind UK Shop",
    base_currency="GBP", price_factor=0.86, rate=11628,
)  # fmt: skip
WEBSITES = (EUROPE, UK, USA)

STORES = (
    StoreView(store_id=1, code="default", name="Deutsch", website=EUROPE, order_currency="EUR", order_rate=10000,
              tax_percent=190000, locale="de_DE", country="DE", share=22),
    StoreView(store_id=2, code="ch_de", name="Schweiz (Züri) — Deutsch", website=EUROPE, order_currency="CHF",
              order_rate=9431, tax_percent=77000, locale="de_CH", country="CH", share=9),
    StoreView(store_id=5, code="fr_fr", name="Français", website=EUROPE, order_currency="EUR", order_rate=10000,
              tax_percent=200000, locale="fr_FR", country="FR", share=9),
    StoreView(store_id=4, code="uk_en", name='UK "English"', website=UK, order_currency="GBP", order_rate=10000,
              tax_percent=200000, locale="en_GB", country="GB", share=10),
    StoreView(store_id=3, code="us_en", name="US English", website=USA, order_currency="USD", order_rate=10000,
              tax_percent=82500, locale="en_US", country="US", share=14),
)  # fmt: skip
STORE_BY_ID = {store.store_id: store for store in STORES}
STORE_BY_LOT = tuple(store for store in STORES for _ in range(store.share))
"""64 entries: six bits of chance choose a store view by its share."""

GROUPS = (
    (0, "NOT LOGGED IN"), (1, "General"), (2, "Wholesale"), (3, "Retailer"),
    (4, "VIP"), (5, "Friends & Family <10%>"), (6, "Großkunden (EU)"),
)  # fmt: skip


def store_name_lines(store: StoreView) -> str:
    """Website, group and view on three lines, as an order remembers them."""
    return f"{store.website.name}\n{store.website.group_name}\n{store.name}"
