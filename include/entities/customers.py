"""Customers with their addresses.

The table also holds guests, but they do not come from here: a guest is made of the orders that person placed
(`include.identity.guests`), so that the order in which windows load cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from include.entities.attributes import ATTRIBUTES, attributes_by_name
from include.entities.fields import ABSENT, Field, Kind, Policy, flag, integer, text
from include.entities.model import (
    Context,
    Entity,
    Expectation,
    Person,
    Reference,
    Row,
    Scope,
    Severity,
    Table,
    Touch,
)
from include.entities.postal import POSTAL, joined_street
from include.entities.references import CUSTOMER_GROUP
from include.identity.normalisation import normalise_email
from include.magento.door import Record, children
from include.magento.rest.reading import RestReading
from include.magento.soap.reading import InfoCall, SoapReading


def _customers(record: Record, context: Context) -> Iterable[Row]:
    email = record.get("email")
    normalised = normalise_email(email) if isinstance(email, str) else None
    return ({**record, "email_normalised": normalised, "is_guest": "0"},)


def _addresses(record: Record, context: Context) -> Iterator[Row]:
    for address in children(record, "addresses"):
        yield {**address, "customer_id": record.get("customer_id")}


GENDERS = {"1": "Male", "2": "Female"}
NO_REGION = "0"


def _customers_of_rest(record: Record, context: Context) -> Iterator[Row]:
    """Magento 2 sends the gender's code, where the bridge of Magento 1 sends its word; 3 is "not specified"."""
    for row in _customers(record, context):
        gender = GENDERS.get(str(record.get("gender")))
        yield {**row, "gender": gender, "attributes": attributes_by_name(record) or None}


def _addresses_of_rest(record: Record, context: Context) -> Iterator[Row]:
    for address in children(record, "addresses"):
        region, region_id = address.get("region"), address.get("region_id")
        yield {
            **address,
            "customer_id": record.get("id"),
            "street": joined_street(address),
            "region": region.get("region") if isinstance(region, dict) else None,
            "region_id": None if region_id == NO_REGION else region_id,
            "is_default_billing": address.get("default_billing") or "0",
            "is_default_shipping": address.get("default_shipping") or "0",
            "attributes": attributes_by_name(address) or None,
        }


CUSTOMERS = Table(
    name="customers",
    singular="customer",
    grain="One row per person who bought or registered: registered customers, and guests known by their orders.",
    key=("customer_id",),
    references=(
        Reference(
            name="website_key", table="websites", ids=("website_id",), comment="Website of the registration."
        ),
        Reference(
            name="store_key", table="stores", ids=("store_id",), comment="Store view of the registration."
        ),
        CUSTOMER_GROUP,
    ),
    fields=(
        integer(
            "customer_id", "Magento's id. NULL for guests.", "customer_id", magento2="id", is_required=True
        ),
        text(
            "customer_number",
            "Number shown to people. NULL where the store gives none.",
            "increment_id",
            magento2=ABSENT,
        ),
        text(
            "email",
            "Address as the store holds it. NULL where it has none.",
            "email",
            is_personal=True,
            is_tracked=True,
        ),
        text(
            "email_normalised",
            "Address trimmed and in lower case, to compare by. NULL where there is none.",
            is_personal=True,
        ),
        flag("is_guest", "Whether the person bought without registering."),
        text("name_prefix", "Title before the name.", "prefix", is_personal=True),
        text("first_name", "First name.", "firstname", is_personal=True, is_tracked=True),
        text("middle_name", "Middle name.", "middlename", is_personal=True),
        text("last_name", "Last name.", "lastname", is_personal=True, is_tracked=True),
        text("name_suffix", "Title behind the name.", "suffix", is_personal=True),
        Field(
            name="birth_date",
            kind=Kind.DAY,
            comment="Day of birth as entered by the person. NULL where not given.",
            magento1="dob",
            is_personal=True,
        ),
        text(
            "gender",
            "Male or Female as the bridge says it. NULL where not given; without the bridge never given.",
            "gender",
            is_personal=True,
            differs="always told; NULL where not specified",
            policy=Policy.KEEP_WHEN_NULL,  # a channel that loses its bridge must not forget what it knew
        ),
        text("tax_number", "VAT number as entered.", "taxvat", is_personal=True),
        integer("customer_group_id", "Magento's id of the price group.", "group_id", is_tracked=True),
        integer("website_id", "Magento's id of the website of the registration.", "website_id"),
        integer("store_id", "Magento's id of the store view of the registration.", "store_id"),
        text("created_in", "Name of the store view the account was made in.", "created_in"),
        flag(
            "is_confirmation_pending",
            "Whether the e-mail still waits to be confirmed. NULL: no.",
            "confirmation",
        ),
        replace(ATTRIBUTES, differs="the custom attributes, always told"),
    ),
    rows={"magento1": _customers, "magento2": _customers_of_rest},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    has_owner=True,
    touches=(Touch(subject="customer", column="customer_key"),),
    own_keys=(
        # Everybody founds an account; who joins another's is decided in include.identity, whatever the store sends.
        Field(
            name="account_key",
            kind=Kind.KEY,
            comment="The account this customer belongs to. Key of crm.accounts.",
        ),
        Field(
            name="contact_key",
            kind=Kind.KEY,
            comment="The person this record is of. Key of crm.contacts.",
        ),
    ),
    indexes=("email_normalised", "account_key"),
    ignored=frozenset(
        """addresses default_billing default_shipping disable_auto_group_change extension_attributes
        custom_attributes""".split()
    ),
)

CUSTOMER_ADDRESSES = Table(
    name="customer_addresses",
    singular="customer_address",
    grain="One row per address in a customer's address book.",
    key=("customer_address_id",),
    parent=Reference(name="customer_key", table="customers", ids=("customer_id",), comment="The customer."),
    fields=(
        integer(
            "customer_address_id",
            "Magento's id of the address.",
            "customer_address_id",
            magento2="id",
            is_required=True,
        ),
        integer("customer_id", "Magento's id of the customer."),
        flag("is_default_billing", "Whether bills go here by default.", "is_default_billing"),
        flag("is_default_shipping", "Whether parcels go here by default.", "is_default_shipping"),
        *POSTAL,
        text("tax_number", "VAT number of this address. NULL where none.", "vat_id", is_personal=True),
        replace(ATTRIBUTES, differs="the custom attributes, always told"),
    ),
    rows={"magento1": _addresses, "magento2": _addresses_of_rest},
    ignored=frozenset({"default_billing", "default_shipping", "custom_attributes", "extension_attributes"}),
    created={"magento1": "created_at"},
    updated={"magento1": "updated_at"},
)

CUSTOMERS_ENTITY = Entity(
    name="customers",
    title="Customers and their addresses",
    tables=(CUSTOMERS, CUSTOMER_ADDRESSES),
    reading={
        "magento1": SoapReading(
            spine="customerCustomerList",
            id_field="customer_id",
            filter_id="customer_id",
            bridge="oroCustomerList",
            stock=(
                InfoCall(
                    method="customerAddressList",
                    argument="customerId",
                    value_field="customer_id",
                    into="addresses",
                ),
            ),
        ),
        "magento2": RestReading(
            path="customers/search",
            id_field="id",
            order_by="id",
            most_per_page=300,
            resource="Magento_Customer::customer",
        ),
    },
    scope=Scope(website_field="website_id"),
    is_swept_whole=True,  # an edit of an address moves no date of its customer
    person=Person(emails=("email_normalised",)),
    derived=("accounts", "lifetimes"),
    lock="people",  # guests of orders and carts are written to the same table
    expectations=(
        Expectation(
            rule="email_is_present",
            table="customers",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "email"},
            meaning="A registered customer has an e-mail address.",
        ),
        Expectation(
            rule="email_looks_like_one",
            table="customers",
            severity=Severity.WARN,
            type="ExpectColumnValuesToMatchRegex",
            arguments={"column": "email_normalised", "regex": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
            meaning="An e-mail address has one @ and a domain.",
        ),
        Expectation(
            rule="created_at_is_present",
            table="customers",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "source_created_at"},
            meaning="The store knows when the customer registered.",
        ),
        Expectation(
            rule="country_is_two_letters",
            table="customer_addresses",
            severity=Severity.WARN,
            type="ExpectColumnValuesToMatchRegex",
            arguments={"column": "country_code", "regex": "^[A-Z]{2}$"},
            meaning="A country is given by its two-letter code.",
        ),
    ),
    not_agreeing={"customers.gender": "the core lists do not send it"},
)
