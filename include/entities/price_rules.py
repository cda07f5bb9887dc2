"""Cart price rules and their coupons: which discounts a shop gives, to whom, and how often they were used.

`applied_rule_ids` and `coupon_code` of orders and carts say which of them were at work. Only Magento 2 lists them: the
API of Magento 1 has no call for it. Read whole once a day, since neither has a date of its last change.
"""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import Field, Kind, flag, integer, quantity, text
from include.entities.model import Context, Entity, Expectation, Reference, Row, Severity, Table
from include.magento.door import Record, children, texts
from include.magento.rest.reading import RestSnapshot
from include.magento.soap.reading import SnapshotReading

COUPON_TYPES = {"NO_COUPON": "none", "SPECIFIC_COUPON": "specific", "AUTO": "generated"}


def _rules(record: Record, context: Context) -> Iterator[Row]:
    for rule in children(record, "rules"):
        kind = str(rule.get("coupon_type") or "")
        yield {
            **rule,
            "coupon_type": COUPON_TYPES.get(kind, kind.lower() or None),
            "website_ids": texts(rule, "website_ids"),
            "customer_group_ids": texts(rule, "customer_group_ids"),
        }


def _coupons(record: Record, context: Context) -> Iterator[Row]:
    return iter(children(record, "coupons"))


PRICE_RULES = Table(
    name="price_rules",
    singular="price_rule",
    grain="One row per cart price rule: a discount the shop gives on carts that meet its conditions.",
    key=("price_rule_id",),
    fields=(
        integer("price_rule_id", "Magento's id of the rule.", "rule_id", is_required=True),
        text("rule_name", "Name of the rule inside the shop.", "name"),
        text("rule_description", "What the shop notes about it. NULL: nothing.", "description"),
        flag(
            "is_active",
            "Whether the rule is switched on; its dates may still keep it from working.",
            "is_active",
        ),
        Field(
            name="from_date",
            kind=Kind.DAY,
            comment="First day it holds, in the store's zone. NULL: at once.",
            magento1="from_date",
        ),
        Field(
            name="to_date",
            kind=Kind.DAY,
            comment="Last day it holds, in the store's zone. NULL: without end.",
            magento1="to_date",
        ),
        text(
            "discount_action",
            "by_percent, by_fixed (of each piece), cart_fixed (of the whole cart), buy_x_get_y.",
            "simple_action",
        ),
        quantity(
            "discount_value",
            "What the action takes off: percent, or an amount in base currency; of buy_x_get_y the pieces given.",
            "discount_amount",
        ),
        quantity("discount_step_qty", "Pieces that one discount takes; 0: any.", "discount_step"),
        text(
            "coupon_type",
            "none (holds without a coupon), specific (one code) or generated (many).",
            "coupon_type",
        ),
        integer("times_used_count", "How often it was used.", "times_used"),
        integer(
            "uses_per_customer_count",
            "How often a customer may use it; 0: without limit.",
            "uses_per_customer",
        ),
        integer(
            "uses_per_coupon_count", "How often a coupon may be used; 0: without limit.", "uses_per_coupon"
        ),
        integer("sort_order", "Its turn among the rules, the lowest first.", "sort_order"),
        flag("is_last", "Whether rules behind it are left out once it has worked.", "stop_rules_processing"),
        flag("is_applied_to_shipping", "Whether shipping is discounted as well.", "apply_to_shipping"),
        Field(
            name="website_ids_json",
            kind=Kind.JSON,
            comment="Magento's ids of the websites it holds on, as a list.",
            magento1="website_ids",
        ),
        Field(
            name="customer_group_ids_json",
            kind=Kind.JSON,
            comment="Magento's ids of the price groups it holds for, as a list; 0 is not logged in.",
            magento1="customer_group_ids",
        ),
    ),
    rows={"magento1": _rules, "magento2": _rules},
    ignored=frozenset(
        """store_labels condition action_condition is_advanced product_ids is_rss use_auto_generation
        simple_free_shipping discount_qty extension_attributes""".split()
    ),
)

COUPONS = Table(
    name="coupons",
    singular="coupon",
    grain="One row per coupon of a cart price rule.",
    key=("coupon_id",),
    references=(
        Reference(
            name="price_rule_key",
            table="price_rules",
            ids=("price_rule_id",),
            comment="The rule it belongs to.",
        ),
    ),
    fields=(
        integer("coupon_id", "Magento's id of the coupon.", "coupon_id", is_required=True),
        integer("price_rule_id", "Magento's id of the rule.", "rule_id"),
        text("coupon_code", "What the buyer enters.", "code"),
        integer("usage_limit_count", "How often it may be used. NULL or 0: without limit.", "usage_limit"),
        integer(
            "usage_per_customer_count",
            "How often a customer may use it. NULL or 0: without limit.",
            "usage_per_customer",
        ),
        integer("times_used_count", "How often it was used.", "times_used"),
        Field(
            name="expires_at",
            kind=Kind.INSTANT,
            comment="When it stops to hold (UTC). NULL: with its rule.",
            magento1="expiration_date",
        ),
        flag(
            "is_primary",
            "Whether it is the one code of a rule that has one. NULL: a generated one.",
            "is_primary",
        ),
        flag("is_generated", "Whether it was made by the shop's generator.", "type"),
    ),
    rows={"magento1": _coupons, "magento2": _coupons},
    created={"magento2": "created_at"},
    indexes=("coupon_code", "price_rule_key"),
    ignored=frozenset({"created_at", "extension_attributes"}),
)

PRICE_RULES_ENTITY = Entity(
    name="price_rules",
    title="Cart price rules and coupons",
    tables=(PRICE_RULES, COUPONS),
    reading={
        "magento1": SnapshotReading(
            lists={"rules": "salesRuleList"},
            required=frozenset({"rules"}),
            without="Price rules and coupons are not available from Magento 1: its API has no call for them.",
        ),
        "magento2": RestSnapshot(
            lists={"rules": "salesRules/search", "coupons": "coupons/search"},
            order_by={"rules": ("rule_id", "rule_id"), "coupons": ("coupon_id", "coupon_id")},
            required=frozenset({"rules", "coupons"}),
            resource="Magento_SalesRule::quote",
        ),
    },
    is_snapshot=True,
    expectations=(
        Expectation(
            rule="coupon_code_is_present",
            table="coupons",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "coupon_code"},
            meaning="A coupon has a code to enter.",
        ),
    ),
)
