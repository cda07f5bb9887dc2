"""Forms for the common changes of a store: what a person fills in becomes a request, checked before it is stored.

The same door as `crm.request_change`, so a form accepts what SQL accepts. What a newcomer would get wrong: a field that
is left empty is not asked for. To empty it in the store it is named under *Empty these*. The run keeps what was filled
in, as Airflow does with every form, but the log and the results of the task hold numbers only.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import Param, get_current_context, task

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.change_form import DAY, FLAG, LINES, OPTIONAL_NUMBER, OPTIONAL_TEXT, Form
from include.orchestration.failures import spoken
from include.write_back.typed_cart import address_typed, items_typed

if TYPE_CHECKING:
    from include.identity.guest_keys import GuestKeys

log = logging.getLogger(__name__)

_NAMES = {
    "name_prefix": ("Prefix", "Title before the name.", OPTIONAL_TEXT),
    "first_name": ("First name", "First name; required for something new.", OPTIONAL_TEXT),
    "middle_name": ("Middle name", "Middle name or names.", OPTIONAL_TEXT),
    "last_name": ("Last name", "Last name; required for something new.", OPTIONAL_TEXT),
    "name_suffix": ("Suffix", "Title behind the name.", OPTIONAL_TEXT),
}
_EMPTIED_NAMES = ("name_prefix", "middle_name", "name_suffix")
_ITEM_LINES = (
    "One a line, pieces before the article number: 2 NW-001. To change: the number of pieces there shall be, 0 takes "
    'it out. With options, a JSON object in one line: {"sku": "NW-021", "qty": 1, "options": {"4": "red"}}.'
)
_ADDRESS_LINES = (
    "Number of an address in the customer's book, or its fields, one a line: first_name: Ada. Needed are first_name, "
    "last_name, street, city, country_code and telephone; there are company, region, region_id, postcode and fax."
)
_CUSTOMER_KEY = "customer_key in crm.customers, such as us:1042"
_ADDRESS_KEY = "key of the address (customer_address_key in crm.customer_addresses)"

FORMS = {
    "customer": Form(
        kinds={"update": "customer_update", "create": "customer_create"},
        action="update: change the fields filled in below. create: a new registered customer.",
        target=(
            "Customer or channel",
            f"To update: key of the customer ({_CUSTOMER_KEY}). To create: code of the channel.",
        ),
        fields={
            "email": ("E-mail", "Must be free in the store's website; required to create.", OPTIONAL_TEXT),
            **_NAMES,
            "gender": ("Gender", "Male or Female.", OPTIONAL_TEXT | {"enum": [None, "Male", "Female"]}),
            "birth_date": ("Day of birth", "Day of birth, like 1990-12-31.", DAY),
            "tax_number": ("VAT number", "Tax or VAT number.", OPTIONAL_TEXT),
            "customer_group_id": ("Customer group", "Magento's id of the price group.", OPTIONAL_NUMBER),
            "website_id": ("Website", "Magento's id of the website; required to create.", OPTIONAL_NUMBER),
            "store_id": (
                "Store view",
                "Magento's id of a store view of that website; required to create.",
                OPTIONAL_NUMBER,
            ),
        },
        emptied=(*_EMPTIED_NAMES, "birth_date", "tax_number"),
    ),
    "address": Form(
        kinds={"update": "address_update", "create": "address_create", "delete": "address_delete"},
        action="update: change the fields filled in below. create: a new entry in the book. delete: take it out.",
        target=(
            "Address or customer",
            f"To update or delete: {_ADDRESS_KEY}. To create: key of the customer ({_CUSTOMER_KEY}).",
        ),
        fields={
            **_NAMES,
            "company": ("Company", "Name of the company.", OPTIONAL_TEXT),
            "street": (
                "Street",
                "Up to four lines; required to create.",
                LINES,
            ),
            "postcode": ("Postal code", "Postal code as the country writes it.", OPTIONAL_TEXT),
            "city": ("City", "City; required to create.", OPTIONAL_TEXT),
            "region": ("Region", "State or province as text.", OPTIONAL_TEXT),
            "region_id": ("Region id", "Magento's id of the state or province.", OPTIONAL_NUMBER),
            "country_code": (
                "Country",
                "Two capital letters, such as GB; required to create.",
                OPTIONAL_TEXT,
            ),
            "telephone": ("Telephone", "Telephone; required to create.", OPTIONAL_TEXT),
            "fax": ("Fax", "Fax number.", OPTIONAL_TEXT),
            "is_default_billing": ("Default for bills", "Bills go here from now on.", FLAG),
            "is_default_shipping": ("Default for parcels", "Parcels go here from now on.", FLAG),
        },
        emptied=(*_EMPTIED_NAMES, "company", "postcode", "region", "fax"),
    ),
    "newsletter": Form(
        kinds={"subscribe": "newsletter_subscribe", "unsubscribe": "newsletter_unsubscribe"},
        action="subscribe: on the newsletter, with a new entry where there is none. unsubscribe: every entry.",
        target=("Customer", f"Key of the customer ({_CUSTOMER_KEY})."),
    ),
    "order": Form(
        kinds={
            "comment": "order_comment",
            "hold": "order_hold",
            "unhold": "order_unhold",
            "cancel": "order_cancel",
        },
        action="comment: a line in the order's history. hold: put it on hold. unhold: let it go on. cancel: for good.",
        target=("Order", "Key of the order: order_key in crm.orders, such as us:5310."),
        fields={
            "comment_text": (
                "Comment",
                "Only to comment: what to say.",
                LINES,
            ),
            "is_customer_notified": (
                "Mail it",
                "Only to comment: the store mails it to the customer.",
                FLAG,
            ),
            "is_visible_on_front": (
                "Show it",
                "Only to comment, in Magento 2: the customer sees it in the shop.",
                FLAG,
            ),
        },
    ),
    "cart": Form(
        kinds={
            "create": "cart_create",
            "create for an unknown guest": "cart_create_for_guest",
            "change": "cart_change",
        },
        action="create: for a customer or guest whom the CRM knows. create for an unknown guest: name and e-mail are "
        "below. change: other content or terms of an open cart; what is left empty stays.",
        target=(
            "Customer, channel or cart",
            f"Key of the customer ({_CUSTOMER_KEY}), code of the channel for an unknown guest, or key of the cart.",
        ),
        fields={
            "store_id": ("Store view", "Only to create: Magento's id of the store view.", OPTIONAL_NUMBER),
            "items": (
                "Products",
                _ITEM_LINES,
                LINES,
            ),
            "billing_address": ("Bill to", _ADDRESS_LINES, LINES),
            "shipping_address": (
                "Ship to",
                "As above; empty for a new cart: where the bill goes.",
                LINES,
            ),
            "shipping_method": (
                "Shipped by",
                "Code of a way of shipping that the store offers.",
                OPTIONAL_TEXT,
            ),
            "payment_method": ("Paid by", "Code of a way of payment that needs no card.", OPTIONAL_TEXT),
            "purchase_order_number": (
                "Purchase order",
                "Number, for the payment method of that name.",
                OPTIONAL_TEXT,
            ),
            "coupon_code": ("Coupon", "Code of a coupon that holds for the cart.", OPTIONAL_TEXT),
            "email": ("E-mail", "Only for an unknown guest: e-mail address.", OPTIONAL_TEXT),
            "first_name": ("First name", "Only for an unknown guest: first name.", OPTIONAL_TEXT),
            "last_name": ("Last name", "Only for an unknown guest: last name.", OPTIONAL_TEXT),
        },
        emptied=("coupon_code",),
        spelled={
            "items": items_typed,
            "billing_address": address_typed,
            "shipping_address": address_typed,
        },
    ),
    "cart_to_order": Form(
        kinds={"order": "cart_to_order"},
        action="order: the open cart becomes an order, which cannot be taken back from here, only cancelled.",
        target=("Cart", "Key of the cart: cart_key in crm.carts, such as us:5571."),
        fields={
            "shipping_method": (
                "Shipped by",
                "Code of a way of shipping that the store offers; empty: as in the cart.",
                OPTIONAL_TEXT,
            ),
            "payment_method": (
                "Paid by",
                "Code of a way of payment that needs no card; empty: as in the cart.",
                OPTIONAL_TEXT,
            ),
            "purchase_order_number": (
                "Purchase order",
                "Number, for the payment method of that name.",
                OPTIONAL_TEXT,
            ),
            "agrees_to_terms": (
                "Terms agreed to",
                "The buyer has agreed to the terms of the shop.",
                FLAG,
            ),
        },
    ),
}
"""The forms, each the DAG `write_back_<name>`."""


def form_params(name: str) -> dict[str, Param]:
    """The form of a DAG."""
    return FORMS[name].params()


@task
def ask(name: str) -> list[int]:
    """Ask for what the form says; numbers of the entries in crm.outbox. Once per run, however often it is tried."""
    context = get_current_context()
    params, run, form = context["params"], context["dag_run"], FORMS[name]
    with spoken(), resources.open_warehouse() as engine:
        kind, target = _meant(form, params)
        _refuse_shut(target.partition(":")[0])
        keys = resources.identity(engine)
        with engine.begin() as connection:
            asked = _ask(connection, keys, kind, target, form.wanted(params), run.run_id, _who(run))
    log.info("outbox entries=%s kind=%s", ",".join(map(str, asked)), kind)
    return asked


def _meant(form: Form, params: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of change and its target.

    Raises:
        ConfigError: the form does not say.
    """
    kind, target = form.kinds.get(str(params.get("action"))), str(params.get("target") or "").strip()
    if kind is None or not target:
        raise ConfigError(
            f"Nothing was asked for: choose what shall happen and name the {form.target[0].lower()}."
        )
    return kind, target


def _ask(
    connection: Any,
    keys: GuestKeys,
    kind: str,
    target: str,
    wanted: Mapping[str, Any],
    run_id: str,
    who: str | None,
) -> list[int]:
    from include.write_back.newsletter_requests import request_newsletter
    from include.write_back.requests import request_change

    once = f"form:{kind}:{run_id}"
    if kind.startswith("newsletter_"):
        is_subscribed = kind == "newsletter_subscribe"
        return request_newsletter(
            connection, keys, target, is_subscribed=is_subscribed, idempotency_key=once, requested_by=who
        )
    return [request_change(connection, kind, target, wanted, idempotency_key=once, requested_by=who)]


def _refuse_shut(code: str) -> None:
    """Raise ConfigError where what is asked for would wait for ever."""
    channel = next((one for one in resources.channels().channels if one.code == code and one.active), None)
    if channel is None:
        raise ConfigError("No active channel has the code that the key begins with: see ops.channels.")
    if not channel.two_way.enabled:
        raise ConfigError(
            f"Channel {code} writes nothing back: set two_way.enabled in its channel file, then start this again."
        )


def _who(run: Any) -> str | None:
    """Who started the run, as Airflow knows them; None where it does not."""
    return getattr(run, "triggering_user_name", None)
