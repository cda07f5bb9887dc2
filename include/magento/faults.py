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
_UNKNOWN = Meaning(
    UnknownFault,
    "The store answers {method} with a fault this project does not know: look up the code in its API's list.",
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
