"""Newsletter subscribers: who gets mail, with every change of state kept.

Only the bridge lists them. A third of real rows has no date of their last change: they are found by id, and a change
that leaves no date is found by the sweep. What a newcomer would get wrong: the address is not unique. A shop keeps one
row per registration, so the same address may be subscribed in one store and unsubscribed in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from include.entities.fields import integer, text
from include.entities.model import (
    Context,
    Entity,
    Expectation,
    Parent,
    Person,
    Reference,
    Row,
    Scope,
    Severity,
    Table,
    Touch,
)
from include.identity.normalisation import normalise_email
from include.magento.door import Record
from include.magento.rest.reading import RestReading
from include.magento.soap.reading import SoapReading

STATUSES = {"1": "subscribed", "2": "not_active", "3": "unsubscribed", "4": "unconfirmed"}
NOBODY = "0"


def _subscribers(record: Record, context: Context) -> Iterable[Row]:
    email, status, customer = (
        record.get(name) for name in ("subscriber_email", "subscriber_status", "customer_id")
    )
    return (
        {
            **record,
            "email_normalised": normalise_email(email) if isinstance(email, str) else None,
            "status": STATUSES.get(status, status) if isinstance(status, str) else None,
            "customer_id": None if customer == NOBODY else customer,
        },
    )


def _customers_of_rest(record: Record, context: Context) -> Iterator[Row]:
    """Magento 2 tells of registered customers only, and only whether they are subscribed now."""
    extension = record.get("extension_attributes")
    is_subscribed = extension.get("is_subscribed") if isinstance(extension, dict) else None
    if is_subscribed is not None:
        email = record.get("email")
        yield {
            "id": record.get("id"),
            "customer_id": record.get("id"),
            "store_id": record.get("store_id"),
            "email": email,
            "email_normalised": normalise_email(email) if isinstance(email, str) else None,
            "status": STATUSES["1"] if is_subscribed == "1" else STATUSES["2"],
        }


NEWSLETTER_SUBSCRIBERS = Table(
    name="newsletter_subscribers",
    singular="newsletter_subscriber",
    grain="One row per newsletter subscriber, registered customer or not; an address may have several.",
    key=("newsletter_subscriber_id",),
    references=(
        Reference(
            name="customer_key",
            table="customers",
            ids=("customer_id",),
            comment="The customer. NULL: not registered.",
        ),
        Reference(
            name="store_key",
            table="stores",
            ids=("store_id",),
            comment="Store view of the subscription. NULL once it was deleted.",
        ),
    ),
    fields=(
        integer(
            "newsletter_subscriber_id",
            "Magento's id of the subscriber.",
            "subscriber_id",
            magento2="id",
            differs="the customer's id, since no call tells the subscriber's",
            is_required=True,
        ),
        integer("customer_id", "Magento's id of the customer. NULL: not registered."),
        integer("store_id", "Magento's id of the store view. NULL once it was deleted.", "store_id"),
        text(
            "email",
            "Address as the store holds it. NULL where it has none.",
            "subscriber_email",
            magento2="email",
            is_personal=True,
            is_tracked=True,
        ),
        text(
            "email_normalised",
            "Address trimmed and in lower case, to compare by. NULL where the store has none.",
            is_personal=True,
            is_tracked=True,
        ),
        text(
            "status",
            "subscribed, not_active, unsubscribed, unconfirmed, or what an extension made of it. "
            "Only subscribed may be written to.",
            differs="subscribed or not_active, of registered customers only; found by e-mail, on whichever website",
            is_tracked=True,
        ),
    ),
    rows={"magento1": _subscribers, "magento2": _customers_of_rest},
    updated={"magento1": "change_status_at"},
    touches=(
        Touch(subject="newsletter_subscriber", column="newsletter_subscriber_key"),
        Touch(subject="customer", column="customer_key"),
    ),
    indexes=("email_normalised", "customer_key"),
    # The code confirms a subscription: whoever has it can subscribe somebody.
    ignored=frozenset({"subscriber_confirm_code", "subscriber_status", "attributes"}),
)

NEWSLETTER_SUBSCRIBERS_ENTITY = Entity(
    name="newsletter_subscribers",
    title="Newsletter subscribers",
    tables=(NEWSLETTER_SUBSCRIBERS,),
    reading={
        "magento1": SoapReading(
            spine="newsletterSubscriberList",
            id_field="subscriber_id",
            filter_id="subscriber_id",
            updated_field="change_status_at",
            is_paged=True,
            is_descending=True,
            without="Newsletter subscribers are not available from this store: only the Oro bridge lists them.",
        ),
        # Neither subscribing nor unsubscribing moves a date, and consent must not be old: all are read each time.
        "magento2": RestReading(
            path="customers/search",
            id_field="id",
            order_by="id",
            updated_field=None,
            most_per_page=300,
            resource="Magento_Customer::customer",
            single="customers/{id}",  # the list takes a subscription under the e-mail on any website for one's own
            found_by={"customer_id": ("entity_id", "id")},
            leaves_out="Guests who subscribed are not told: no call of Magento 2 lists the newsletter.",
        ),
    },
    scope=Scope(store_field="store_id"),
    person=Person(emails=("email_normalised",), through={"customer_key": "customers"}),
    parents=(Parent(entity="customers", column="customer_id"),),
    has_undated=True,
    created_field=None,  # a consent counts however old it is
    expectations=(
        Expectation(
            rule="email_is_present",
            table="newsletter_subscribers",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "email_normalised"},
            meaning="A subscriber has an address.",
        ),
        # Neither keeps a record out: its last good version, which stays then, may say "subscribed".
        Expectation(
            rule="subscription_has_a_status",
            table="newsletter_subscribers",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "status"},
            meaning="A subscriber's state is told.",
        ),
        Expectation(
            rule="status_is_known",
            table="newsletter_subscribers",
            severity=Severity.WARN,
            type="ExpectColumnValuesToBeInSet",
            arguments={"column": "status", "value_set": sorted(STATUSES.values())},
            meaning="A subscriber is in one of Magento's four states.",
        ),
    ),
)
