"""Forms for the common changes of a store: what a person fills in becomes a request, checked before it is stored.

The same door as `crm.request_change`, so a form accepts what SQL accepts. What a newcomer would get wrong: a field that
is left empty is not asked for. To empty it in the store it is named under *Empty these*. The run keeps what was filled
in, as Airflow does with every form, but the log and the results of the task hold numbers only.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow.sdk import Param, get_current_context, task

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import spoken

log = logging.getLogger(__name__)

_OPTIONAL_TEXT: dict[str, Any] = {"type": ["null", "string"]}
_OPTIONAL_NUMBER: dict[str, Any] = {"type": ["null", "integer"], "minimum": 0}
_FLAG: dict[str, Any] = {"type": "boolean"}
_DAY: dict[str, Any] = {"type": ["null", "string"], "format": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form.

    Attributes:
        kinds: what can be done, and the kind of change that does it.
        action: what the choice is about.
        target: title and description of whom or what it is done to.
        fields: what can be filled in, by field of crm.changeable_fields: title, description, schema.
        emptied: fields that can be emptied.
    """

    kinds: Mapping[str, str]
    action: str
    target: tuple[str, str]
    fields: Mapping[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    emptied: tuple[str, ...] = ()

    def params(self) -> dict[str, Param]:
        """The form as Airflow shows it."""
        title, description = self.target
        found = {
            "action": Param(
                None,
                type=["null", "string"],
                enum=[None, *self.kinds],
                title="What",
                description=self.action,
            ),
            "target": Param(None, title=title, description=description, **_OPTIONAL_TEXT),
        }
        for name, (title, description, schema) in self.fields.items():
            default = False if schema is _FLAG else None
            found[name] = Param(default, title=title, description=description, **schema)
        if self.emptied:
            found["empty"] = Param(
                None,
                type=["null", "array"],
                items={"type": "string", "enum": list(self.emptied)},
                examples=list(self.emptied),
                title="Empty these",
                description="Fields that shall hold nothing in the store; a field left empty above stays as it is.",
            )
        return found

    def wanted(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The fields and values that were filled in."""
        filled = {name: params.get(name) for name in self.fields if params.get(name) not in (None, "", False)}
        return filled | dict.fromkeys(params.get("empty") or ())


_NAMES = {
    "name_prefix": ("Prefix", "Title before the name.", _OPTIONAL_TEXT),
    "first_name": ("First name", "First name; required for something new.", _OPTIONAL_TEXT),
    "middle_name": ("Middle name", "Middle name or names.", _OPTIONAL_TEXT),
    "last_name": ("Last name", "Last name; required for something new.", _OPTIONAL_TEXT),
    "name_suffix": ("Suffix", "Title behind the name.", _OPTIONAL_TEXT),
}
_EMPTIED_NAMES = ("name_prefix", "middle_name", "name_suffix")
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
            "email": ("E-mail", "Must be free in the store's website; required to create.", _OPTIONAL_TEXT),
            **_NAMES,
            "gender": ("Gender", "Male or Female.", _OPTIONAL_TEXT | {"enum": [None, "Male", "Female"]}),
            "birth_date": ("Day of birth", "Day of birth, like 1990-12-31.", _DAY),
            "tax_number": ("VAT number", "Tax or VAT number.", _OPTIONAL_TEXT),
            "customer_group_id": ("Customer group", "Magento's id of the price group.", _OPTIONAL_NUMBER),
            "website_id": ("Website", "Only to create: Magento's id of the website.", _OPTIONAL_NUMBER),
            "store_id": ("Store view", "Only to create: Magento's id of the store view.", _OPTIONAL_NUMBER),
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
            "company": ("Company", "Name of the company.", _OPTIONAL_TEXT),
            "street": (
                "Street",
                "Up to four lines; required to create.",
                _OPTIONAL_TEXT | {"format": "multiline"},
            ),
            "postcode": ("Postal code", "Postal code as the country writes it.", _OPTIONAL_TEXT),
            "city": ("City", "City; required to create.", _OPTIONAL_TEXT),
            "region": ("Region", "State or province as text.", _OPTIONAL_TEXT),
            "region_id": ("Region id", "Magento's id of the state or province.", _OPTIONAL_NUMBER),
            "country_code": (
                "Country",
                "Two capital letters, such as GB; required to create.",
                _OPTIONAL_TEXT,
            ),
            "telephone": ("Telephone", "Telephone; required to create.", _OPTIONAL_TEXT),
            "fax": ("Fax", "Fax number.", _OPTIONAL_TEXT),
            "is_default_billing": ("Default for bills", "Bills go here from now on.", _FLAG),
            "is_default_shipping": ("Default for parcels", "Parcels go here from now on.", _FLAG),
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
                _OPTIONAL_TEXT | {"format": "multiline"},
            ),
            "is_customer_notified": (
                "Mail it",
                "Only to comment: the store mails it to the customer.",
                _FLAG,
            ),
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
                _OPTIONAL_TEXT,
            ),
            "payment_method": (
                "Paid by",
                "Code of a way of payment that needs no card; empty: as in the cart.",
                _OPTIONAL_TEXT,
            ),
            "purchase_order_number": (
                "Purchase order",
                "Number, for the payment method of that name.",
                _OPTIONAL_TEXT,
            ),
            "agrees_to_terms": (
                "Terms agreed to",
                "The buyer has agreed to the terms of the shop.",
                _FLAG,
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
        with engine.begin() as connection:
            asked = _ask(connection, kind, target, form.wanted(params), run.run_id, _who(run))
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
    connection: Any, kind: str, target: str, wanted: Mapping[str, Any], run_id: str, who: str | None
) -> list[int]:
    from include.write_back.newsletter_requests import request_newsletter
    from include.write_back.requests import request_change

    once = f"form:{kind}:{run_id}"
    if kind.startswith("newsletter_"):
        is_subscribed = kind == "newsletter_subscribe"
        return request_newsletter(
            connection, target, is_subscribed=is_subscribed, idempotency_key=once, requested_by=who
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
