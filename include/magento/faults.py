"""What a store's faults mean to us: one table from (method, code) to an error and its sentence.

Codes repeat per resource (100 is "order not exists" in one call and "customer data invalid" in another), so the method
decides first and `*` is the fallback. The store's own text never gets into a message: it holds SQL with table names,
payloads and personal data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from include.errors import ConfigError, DataError, SyncError, TransientError


class RecordGone(DataError):
    """The record asked for is not (or no longer) in the store."""


class CallRefused(ConfigError):
    """The store has not got this call, or does not let the API user make it; others may work."""


class CallFailed(TransientError):
    """This very call fails in the store; fewer records, or another moment, may succeed."""


class UnknownFault(DataError):
    """A fault that is in no table: the store's answer to this very call, so nothing that passes by itself."""


CALL_FAILURES = (CallFailed, UnknownFault)
"""What may be the fault of one record: asked for halves and single records, the rest of a page can be had."""


class OutcomeUnknown(TransientError):
    """A change was sent and nobody knows whether the store made it: look whether it happened before asking again."""


class WriteRefused(DataError):
    """The store does not accept this change; the same change will be refused again."""


class SessionExpired(TransientError):
    """The session is over; a new login helps."""


class StoreConfused(TransientError):
    """The store cannot read its own WSDL or schema just now; the same call works a moment later."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The error a fault becomes; `sentence` may name {method} and {user}."""

    error: type[SyncError]
    sentence: str


_NO_PERMISSION = Meaning(
    CallRefused,
    "The store refuses {method} to the API user {user}: give its role that resource in the store's admin "
    "(System > Web Services > SOAP/XML-RPC - Roles).",
)
_CUSTOMER_GONE = Meaning(RecordGone, "The customer asked for is no longer in the store.")

FAULTS: dict[tuple[str, str], Meaning] = {
    ("login", "2"): Meaning(
        ConfigError,
        "The store refuses the login of the API user {user}: check user, API key and that the user is active in "
        "the store's admin (System > Web Services > SOAP/XML-RPC - Users) and in the connection.",
    ),
    ("login", "6"): Meaning(ConfigError, "The connection has no API user or no API key: fill in both."),
    ("salesOrderInfo", "100"): Meaning(RecordGone, "The order asked for is no longer in the store."),
    ("salesOrderCreditmemoInfo", "100"): Meaning(
        RecordGone, "The credit memo asked for is not in the store."
    ),
    ("salesOrderInvoiceInfo", "100"): Meaning(RecordGone, "The invoice asked for is not in the store."),
    ("salesOrderShipmentInfo", "100"): Meaning(RecordGone, "The shipment asked for is not in the store."),
    ("catalogProductInfo", "101"): Meaning(RecordGone, "The product asked for is no longer in the store."),
    ("directoryRegionList", "101"): Meaning(
        RecordGone, "The country asked for is not in the store's directory."
    ),
    ("shoppingCartInfo", "1002"): Meaning(RecordGone, "The cart asked for is not in this store view."),
    ("customerAddressList", "101"): _CUSTOMER_GONE,
    ("customerAddressList", "102"): _CUSTOMER_GONE,
    ("customerCustomerInfo", "102"): _CUSTOMER_GONE,
    ("customerCustomerList", "101"): Meaning(
        ConfigError,
        "The store does not know a field that {method} is filtered by: its version is not supported, report it "
        "with the answer of Check connection.",
    ),
    ("*", "1"): Meaning(
        CallFailed,
        "The store failed inside {method}: its exception log (var/log) says why; trying again may help.",
    ),
    ("*", "2"): _NO_PERMISSION,
    ("*", "5"): Meaning(
        SessionExpired,
        "The store ends every session at once, also the one just opened: look at its session settings "
        "(Services > Magento Core API > Client Session Timeout), then run again.",
    ),
    ("*", "6"): Meaning(
        ConfigError,
        "The store misses a parameter of {method}: its WSDL does not fit its code, flush its caches and the WSDL "
        "cache of PHP.",
    ),
    ("*", "WSDL"): Meaning(
        StoreConfused,
        "The store cannot load its own WSDL to answer {method}: allow its server to reach its own address and "
        "schemas.xmlsoap.org, and keep the concurrency of the channel low; then run again.",
    ),
    ("*", "NoProcedure"): Meaning(
        CallRefused,
        "The store lists {method} in its WSDL and does not know it: purge the WSDL cache of PHP on the server.",
    ),
    ("*", "Server"): Meaning(
        CallFailed,
        "The store's SOAP server breaks on {method}: its PHP error log says why (memory, time or unreadable data).",
    ),
    ("*", "Client"): Meaning(
        ConfigError,
        "The store cannot read the request for {method}: compare its version with the supported ones.",
    ),
    ("*", "Sender"): Meaning(
        ConfigError,
        "The store cannot read the request for {method}: compare its version with the supported ones.",
    ),
}

_REFUSED: dict[tuple[str, str], str] = {
    (
        "customerCustomerCreate",
        "100",
    ): "The store refuses the customer's data: most often another customer of the "
    "website has the e-mail address; change it, then ask again.",
    (
        "customerCustomerUpdate",
        "100",
    ): "The store refuses the customer's data: most often another customer of the "
    "website has the e-mail address; change it, then ask again.",
    (
        "customerAddressCreate",
        "100",
    ): "The store refuses the address: names, street, city, country and telephone "
    "have to be filled in, postcode and region where the country has them.",
    (
        "customerAddressUpdate",
        "100",
    ): "The store refuses the address: names, street, city, country and telephone "
    "have to be filled in, postcode and region where the country has them.",
    (
        "newsletterSubscriberCreate",
        "104",
    ): "The customer is on the newsletter list already: sync the newsletter "
    "list, then ask for another state of that entry.",
    ("salesOrderAddComment", "103"): "The store did not take the comment: look at the order in its admin.",
    ("salesOrderHold", "103"): "The order cannot be put on hold in its present state.",
    ("salesOrderUnhold", "103"): "The order is not on hold.",
    (
        "salesOrderCancel",
        "103",
    ): "The order cannot be cancelled in its present state: it is invoiced, shipped, "
    "cancelled or closed already, or on hold.",
    ("*", "1001"): "The store view is not in the store.",
    ("*", "1005"): "Terms of the shop have to be agreed to before an order is placed.",
    ("*", "1006"): "The cart goes to several addresses, which this API cannot order: the customer has to.",
    ("*", "1007"): "The store takes no orders of guests for this cart: give it to a registered customer.",
    (
        "*",
        "1008",
    ): "The store did not place the order: most often something in the cart is out of stock, or an "
    "address, the shipping or the payment method is not accepted.",
    ("*", "1021"): "The store does not understand the products asked for: each needs a product id or a SKU.",
    (
        "*",
        "1022",
    ): "The store does not put a product into the cart: it is gone, out of stock, or its options are "
    "not chosen.",
    ("*", "1024"): "The store does not change a product in the cart: it is not in it, or not in stock.",
    ("*", "1026"): "The store does not take a product out of the cart: it is not in it.",
    ("*", "1041"): "The cart has no customer yet.",
    ("*", "1042"): "The customer for the cart is not in the store.",
    (
        "*",
        "1044",
    ): "The store refuses the data of the cart's customer: most often the website does not share its "
    "customers with that store view.",
    ("*", "1045"): "The store does not know this kind of customer for a cart.",
    ("*", "1051"): "The addresses of the cart are empty.",
    ("*", "1052"): "The store refuses an address of the cart: a required field is empty.",
    ("*", "1053"): "An address for the cart is not in the store.",
    ("*", "1055"): "An address for the cart is another customer's.",
    ("*", "1061"): "The cart has no shipping address yet, so there is no way to ship it.",
    ("*", "1062"): "The shipping method is not available for this cart.",
    ("*", "1064"): "The store cannot say by which methods it would ship the cart.",
    ("*", "1071"): "The payment method is not named.",
    ("*", "1072"): "The cart has no billing address yet, so there is no way to pay it.",
    ("*", "1073"): "The cart has no shipping address yet, so there is no way to pay it.",
    ("*", "1074"): "The payment method is not available for this cart.",
    ("*", "1081"): "A coupon cannot be used on an empty cart.",
    ("*", "1083"): "The coupon does not hold for this cart; the store has taken out the one it had.",
}
"""Changes that the store does not accept, as Magento's API lists their codes."""
_ORDER_GONE = Meaning(RecordGone, "The order to change is no longer in the store.")
_ADDRESS_GONE = Meaning(RecordGone, "The address to change is no longer in the store.")
_GONE: dict[tuple[str, str], Meaning] = {
    ("customerCustomerUpdate", "102"): Meaning(
        RecordGone, "The customer to change is no longer in the store."
    ),
    ("customerAddressCreate", "101"): Meaning(
        RecordGone, "The customer to change is no longer in the store."
    ),
    ("customerAddressUpdate", "102"): _ADDRESS_GONE,
    ("customerAddressDelete", "102"): _ADDRESS_GONE,
    ("newsletterSubscriberUpdate", "102"): Meaning(
        RecordGone, "The newsletter entry to change is no longer in the store."
    ),
    **{(f"salesOrder{verb}", "100"): _ORDER_GONE for verb in ("AddComment", "Hold", "Unhold", "Cancel")},
    ("*", "1002"): Meaning(RecordGone, "The cart asked for is not in this store view."),
}
_UNSAVED = {
    "1003": "The store did not make a cart",
    "1023": "The store could not save the cart with its new products",
    "1025": "The store could not save the cart with its changed products",
    "1027": "The store could not save the cart without these products",
    "1043": "The store could not make the customer of the cart",
    "1054": "The store could not save the addresses of the cart",
    "1063": "The store could not set the shipping method",
    "1075": "The store could not set the payment method",
    "1082": "The store could not use the coupon",
}
"""Whatever went wrong while it saved, often a lock that somebody else held: it may pass, and part of it may be done."""
FAULTS |= {
    ("*", code): Meaning(CallFailed, f"{what}: it is tried again, and its exception log says why.")
    for code, what in _UNSAVED.items()
}
FAULTS |= _GONE | {key: Meaning(WriteRefused, sentence) for key, sentence in _REFUSED.items()}

_UNKNOWN = Meaning(
    UnknownFault,
    "The store answers {method} with a fault this project does not know: look up the code in its API's list.",
)


def outcome_unknown(method: str, what: str) -> OutcomeUnknown:
    """The error of a change that may have happened, though `what` happened to its answer."""
    return OutcomeUnknown(
        f"Whether {method} was done is not known, since {what}: it is looked up in the store before it is tried again.",
        details=method,
    )


_OWN_WSDL = re.compile(r"Parsing (WSDL|Schema)", re.IGNORECASE)
_NO_PROCEDURE = re.compile(r"Procedure '.*' not present", re.IGNORECASE)


def fault_code(code: str, text: str) -> str:
    """The code as the table has it: without its namespace, engine faults told apart by the start of their text."""
    bare = code.strip().rpartition(":")[2]
    if bare in ("Server", "WSDL") and _OWN_WSDL.search(text):
        return "WSDL"
    if bare == "Server" and _NO_PROCEDURE.search(text):
        return "NoProcedure"
    return bare


def error_for(method: str, code: str, *, user: str) -> SyncError:
    """The error to raise for this fault of this method; its details hold method and code only."""
    meaning = FAULTS.get((method, code)) or FAULTS.get(("*", code)) or _UNKNOWN
    return meaning.error(
        meaning.sentence.format(method=method, user=user), details=f"fault {code} of {method}"
    )
