"""Newsletter subscribers: who gets mail, with every change of state kept.

Of Magento 1 only the bridge lists them. A third of real rows has no date of their last change: they are found by id,
and a change that leaves no date is found by the sweep. Magento 2 tells of customers whether they are subscribed; of
guests the Klaviyo extension tells, without an id, so their rows get one of ours. What a newcomer would get wrong: the
address is not unique. A shop keeps one row per registration, so the same address may be subscribed in one store and
unsubscribed in another.
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
from include.entities.records import record_in
from include.identity.normalisation import normalise_email
from include.magento.door import Record
from include.magento.rest.reading import KLAVIYO, KLAVIYO_SUBSCRIPTIONS, Beside, RestReading
from include.magento.soap.reading import SoapReading

STATUSES = {"1": "subscribed", "2": "not_active", "3": "unsubscribed", "4": "unconfirmed"}
NOBODY = "0"
_STATUS = "subscribe_status"


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


def _of_rest(record: Record, context: Context) -> Iterator[Row]:
    """A customer, told of only whether they are subscribed now, or a guest's entry as Klaviyo tells it."""
    status, is_subscribed = record.get(_STATUS), _subscription_of(record)
    if is_subscribed is not None:
        status = "1" if is_subscribed == "1" else "2"
    elif _STATUS not in record:
        return
    yield {
        "id": record.get("id"),
        "customer_id": None if is_subscribed is None else record.get("id"),
        "store_id": record.get("store_id"),
        "email": record.get("email"),
        "email_normalised": _address(record),
        "status": STATUSES.get(status, status) if isinstance(status, str) else None,
        "change_status_at": record.get("change_status_at"),
    }


def _subscription_of(record: Record) -> str | None:
    """Whether a customer is subscribed; None where the store does not tell, or it is no customer."""
    told = record_in(record, "extension_attributes").get("is_subscribed")
    return told if isinstance(told, str) else None


def _address(record: Record) -> str | None:
    email = record.get("email")
    return normalise_email(email) if isinstance(email, str) else None


def _precedence(record: Record) -> tuple[str, ...]:
    """The latest counts; without a date whoever says no, as in marketing.newsletter_entries."""
    status, changed = str(record.get(_STATUS)), record.get("change_status_at")
    if not isinstance(changed, str):
        changed = "" if status == "1" else "9"
    return changed, "0" if status == "1" else status


def _number(record: Record, context: Context) -> str | None:
    """The address and the list it is on, as a number that tells neither."""
    address, store = _address(record), record.get("store_id")
    if address is None:
        return None
    return context.number_of(store_id=store if isinstance(store, str) else None, email=address)


_KLAVIYO = Beside(
    module=KLAVIYO,
    path=f"{KLAVIYO_SUBSCRIPTIONS}/historical",
    count_path=f"{KLAVIYO_SUBSCRIPTIONS}/count",
    address=_address,
    is_spoken_for=lambda record: _subscription_of(record) is not None,
    precedence=_precedence,
    fields="items[id,email,website_id,extension_attributes[is_subscribed]],total_count",
    missing="The store has no Klaviyo extension, or one that is switched off.",
)

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
            differs="the customer's id, since no call tells the subscriber's; of a guest one of ours, below zero",
            is_required=True,
        ),
        integer("customer_id", "Magento's id of the customer. NULL: not registered."),
        integer(
            "store_id",
            "Magento's id of the store view. NULL once it was deleted.",
            "store_id",
            differs="of customers that of the account",
        ),
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
            differs="subscribed or not_active of registered customers, found by e-mail on whichever website; of guests "
            "all four, where the store has the Klaviyo extension",
            is_tracked=True,
        ),
    ),
    rows={"magento1": _subscribers, "magento2": _of_rest},
    updated={"magento1": "change_status_at", "magento2": "change_status_at"},
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
            leaves_out="Guests who subscribed are told only where the Klaviyo extension is installed "
            f"({_KLAVIYO.path}, Magento_Newsletter::subscriber): no call of Magento 2 itself lists the newsletter.",
            beside=_KLAVIYO,
        ),
    },
    scope=Scope(store_field="store_id"),
    person=Person(emails=("email_normalised",), through={"customer_key": "customers"}),
    parents=(Parent(entity="customers", column="customer_id"),),
    has_undated=True,
    unnumbered={"magento2": _number},
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
