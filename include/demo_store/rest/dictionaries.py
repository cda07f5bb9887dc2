"""What there is of the shop itself: store views, groups, countries, price rules and coupons; the same in every shop."""

from __future__ import annotations

from typing import Any

from include.demo_store import stores
from include.demo_store.generate.directory import COUNTRIES, REGIONS
from include.demo_store.generate.lines import COUPONS
from include.demo_store.generate.money import text
from include.demo_store.generate.products import ROOT
from include.demo_store.rest.shapes import Json, number
from include.demo_store.stores import SHOP_ZONE

VERSION_PAGE = "Magento/2.4 (Community)"
MODULES = [
    "Magento_Store", "Magento_Directory", "Magento_Eav", "Magento_Customer", "Magento_Catalog", "Magento_Quote",
    "Magento_SalesRule", "Magento_Sales", "Magento_Newsletter", "Magento_Inventory", "Magento_InventoryApi",
    "Magento_Integration", "Magento_Webapi",
]  # fmt: skip
_COMBINE = "Magento\\SalesRule\\Model\\Rule\\Condition\\"
_CREATED = "2024-01-15 09:00:00"


def websites() -> list[Json]:
    """The admin's own is among them."""
    admin: Json = {"id": 0, "code": "admin", "name": "Admin", "default_group_id": 0}
    return [admin] + [
        {"id": s.website_id, "code": s.code, "name": s.name, "default_group_id": s.website_id}
        for s in stores.WEBSITES
    ]


def groups() -> list[Json]:
    """One group of store views for each website."""
    admin: Json = {"id": 0, "website_id": 0, "root_category_id": 0, "default_store_id": 0, "name": "Default",
                   "code": "default"}  # fmt: skip
    first = {store.website.website_id: store.store_id for store in reversed(stores.STORES)}
    return [admin] + [
        {"id": s.website_id, "website_id": s.website_id, "root_category_id": ROOT + 1,
         "default_store_id": first[s.website_id], "name": s.group_name, "code": f"{s.code}_store"}
        for s in stores.WEBSITES
    ]  # fmt: skip


def views() -> list[Json]:
    """The admin's own is among them, in no order."""
    admin: Json = {
        "id": 0,
        "code": "admin",
        "name": "Admin",
        "website_id": 0,
        "store_group_id": 0,
        "is_active": 1,
    }
    found: list[Json] = [
        {"id": s.store_id, "code": s.code, "name": s.name, "website_id": s.website.website_id,
         "store_group_id": s.website.website_id, "is_active": 1}
        for s in stores.STORES
    ]  # fmt: skip
    return [found[0], admin, *found[1:]]


def configs(base: str) -> list[Json]:
    """What each store view is set to, at the address of the shop."""
    urls = {
        f"{secure}base_{kind}url": f"{base}{path}"
        for secure in ("", "secure_")
        for kind, path in (("", ""), ("link_", ""), ("static_", "static/"), ("media_", "media/"))
    }
    return [
        {"id": s.store_id, "code": s.code, "website_id": s.website.website_id, "locale": s.locale,
         "base_currency_code": s.website.base_currency, "default_display_currency_code": s.order_currency,
         "timezone": SHOP_ZONE, "weight_unit": "kgs", **urls}
        for s in stores.STORES
    ]  # fmt: skip


def customer_groups() -> dict[int, Json]:
    """By number; 0 is who is not logged in."""
    return {
        number: {"id": number, "code": code, "tax_class_id": 3, "tax_class_name": "Retail Customer"}
        for number, code in stores.GROUPS
    }


def countries() -> list[Json]:
    """With their regions, whose ids are text."""
    return [_country(*named) for named in COUNTRIES]


def _country(iso2: str, iso3: str, name: str) -> Json:
    regions: list[dict[str, Any]] = [
        {"id": str(region.region_id), "code": region.code, "name": region.name}
        for region in REGIONS
        if region.country == iso2
    ]
    found: Json = {"id": iso2, "two_letter_abbreviation": iso2, "three_letter_abbreviation": iso3,
                   "full_name_locale": name, "full_name_english": name}  # fmt: skip
    return found | ({"available_regions": regions} if regions else {})


def coupons() -> dict[int, Json]:
    """By number; one rule may have several."""
    return {
        number: {"coupon_id": number, "rule_id": coupon.rule_id, "code": coupon.code, "usage_limit": 0,
                 "usage_per_customer": 0, "times_used": 0, "is_primary": True, "created_at": _CREATED, "type": 0}
        for number, coupon in enumerate(COUPONS, start=1)
    }  # fmt: skip


def price_rules() -> dict[int, Json]:
    """By number."""
    every = [site.website_id for site in stores.WEBSITES]
    return {
        coupon.rule_id: {
            "rule_id": coupon.rule_id, "name": f"Rule of {coupon.code}", "store_labels": [], "website_ids": every,
            "customer_group_ids": [group for group, _ in stores.GROUPS], "from_date": "2024-01-15",
            "uses_per_customer": 0, "is_active": True, "condition": _condition("Combine"),
            "action_condition": _condition("Product\\Combine"), "stop_rules_processing": False, "is_advanced": True,
            "sort_order": 0, "simple_action": "by_percent" if coupon.percent else "cart_fixed",
            "discount_amount": number(text(coupon.percent or coupon.fixed)), "discount_step": 0,
            "apply_to_shipping": False, "times_used": 0, "is_rss": False, "coupon_type": "SPECIFIC_COUPON",
            "use_auto_generation": False, "uses_per_coupon": 0, "simple_free_shipping": "0",
        }
        for coupon in reversed(COUPONS)
    }  # fmt: skip


def _condition(kind: str) -> Json:
    return {"condition_type": _COMBINE + kind, "aggregator_type": "all", "operator": None, "value": True}
