"""Orders with their lines, addresses, payment and status history.

One order is one record: it loads or waits with all its children. Children carry no stamp of their own that could be
trusted, so they follow the order's.
"""

from __future__ import annotations

from datetime import timedelta

from include.entities.model import Entity, Parent, Person, Scope
from include.entities.orders.addresses import ORDER_ADDRESSES
from include.entities.orders.checks import EXPECTATIONS, MEASURES
from include.entities.orders.comments import ORDER_COMMENTS
from include.entities.orders.items import ORDER_ITEMS
from include.entities.orders.order import ORDERS
from include.entities.orders.payments import ORDER_PAYMENTS
from include.magento.rest.reading import RestReading
from include.magento.soap.reading import InfoCall, SoapReading

ORDERS_ENTITY = Entity(
    name="orders",
    title="Orders with lines, addresses, payment and comments",
    tables=(ORDERS, ORDER_ITEMS, ORDER_ADDRESSES, ORDER_COMMENTS, ORDER_PAYMENTS),
    reading={
        "magento1": SoapReading(
            spine="salesOrderList",
            id_field="order_id",
            filter_id="entity_id",
            bridge="oroOrderList",
            stock=(
                InfoCall(method="salesOrderInfo", argument="orderIncrementId", value_field="increment_id"),
            ),
            trusted_from={"status_history.increment_id": "1.2.19"},
        ),
        "magento2": RestReading(path="orders", resource="Magento_Sales::actions_view"),
    },
    scope=Scope(store_field="store_id"),
    number_field="increment_id",
    currency_field="global_currency_code",
    expectations=EXPECTATIONS,
    measures=MEASURES,
    derived=("cart_statuses", "guests", "accounts_of_guests", "lifetimes"),
    names_guests=True,
    person=Person(emails=("customer_email_normalised",), through={"customer_key": "customers"}),
    parents=(Parent(entity="customers", column="customer_id"),),
    trailing=timedelta(days=30),  # deleting a customer takes it off its orders and moves no date of theirs
    not_agreeing={
        "order_comments.order_comment_id": "only the bridge sends the id of a history row",
        "order_payments.payment_id": "the bridge leaves it out",
    },
)
