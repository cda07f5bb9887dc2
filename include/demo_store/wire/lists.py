"""Lists and pages: the ids that filters leave over, each rendered once, and the next page prepared meanwhile.

A record that is fatal takes its whole page with it, as a row does on which PHP runs out of memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from include.demo_store.wire import schema
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.fragments import Fragments
from include.demo_store.wire.request import Call
from include.demo_store.wire.table import CHEAP_COLUMNS, Selection, Table, UnknownColumn

_RECORDS_AHEAD = 5
_LARGEST_PAGE_AHEAD = 500

Make = Callable[[int], str]
"""Renders the record with an id."""


class OutOfMemory(Exception):
    """PHP gives up on a list that is too large: HTTP 500 with nothing in it."""


class Lists:
    """Answers list calls from tables.

    Args:
        max_rows: a core list of more rows runs the shop out of memory; 0 for a shop with enough.
        fatal: ids of the records on which the shop dies, by kind.
    """

    def __init__(self, max_rows: int = 0, fatal: Mapping[str, Collection[int]] | None = None) -> None:
        self._max_rows = max_rows
        self._fatal = fatal or {}
        self._fragments = Fragments()
        self._ahead: Iterator[bytes] = iter(())

    def ids(self, call: Call, kind: str, table: Table) -> list[int]:
        """Ids of a list of the core: all that match, without pages."""
        ids = _select(table, call).page(0, 0)
        if self._max_rows and len(ids) > self._max_rows:
            raise OutOfMemory
        self.survive(kind, ids)
        return ids

    def core(self, call: Call, kind: str, table: Table, make: Make) -> list[bytes]:
        """A list of the core."""
        return self._answer(call, self.ids(call, kind, table), make)

    def paged(self, call: Call, kind: str, table: Table, make: Make) -> list[bytes]:
        """A page of a list of the bridge."""
        selection = _select(table, call)
        ids = selection.page(call.page, call.page_size)
        if call.page > 0 and 0 < len(ids) <= _LARGEST_PAGE_AHEAD and call.conditions.keys() <= CHEAP_COLUMNS:
            self._ahead = self._next_page(call, selection, make)
        self.survive(kind, ids)
        return self._answer(call, ids, make)

    def survive(self, kind: str, ids: Iterable[int]) -> None:
        """Runs out of memory when one of the records is fatal."""
        fatal = self._fatal.get(kind)
        if fatal and any(number in fatal for number in ids):
            raise OutOfMemory

    def _answer(self, call: Call, ids: list[int], make: Make) -> list[bytes]:
        return list_of(call.method, [self._fragments.get(call.method, number, make) for number in ids])

    def _next_page(self, call: Call, selection: Selection, make: Make) -> Iterator[bytes]:
        for number in selection.page(call.page + 1, call.page_size):
            yield self._fragments.get(call.method, number, make)

    def work_ahead(self) -> bool:
        """Renders a few records of the page that will probably be asked for next; False when there are none.

        A client pages on while it parses what it has; a shop that works meanwhile answers it from memory.
        """
        return all(next(self._ahead, None) is not None for _ in range(_RECORDS_AHEAD))

    def forget(self, methods: tuple[str, ...], numbers: set[int]) -> None:
        """Throws out what has changed."""
        self._ahead = iter(())
        self._fragments.forget(methods, numbers)


def _select(table: Table, call: Call) -> Selection:
    try:
        return table.select(call.conditions)
    except UnknownColumn as unknown:
        raise _unknown_column(call, str(unknown)) from None


def whole_list(method: str, items: list[str]) -> list[bytes]:
    """The result of a list that is rendered as a whole."""
    return list_of(method, [item.encode() for item in items])


def list_of(method: str, items: list[bytes]) -> list[bytes]:
    """The result of a list, from its rendered items."""
    tag, array_type = schema.METHODS[method].result
    opening = f'<{tag} SOAP-ENC:arrayType="ns1:{schema.ARRAYS[array_type]}[{len(items)}]" xsi:type="ns1:{array_type}"'
    if not items:
        return [f"{opening}/>\n".encode()]
    return [f"{opening}>\n".encode(), *items, f"</{tag}>\n".encode()]


_MAIN_TABLES = {
    "oroQuoteList": "sales_flat_quote", "newsletterSubscriberList": "newsletter_subscriber",
    "oroRegionList": "directory_country_region", "salesOrderCreditmemoList": "sales_flat_creditmemo_grid",
    "salesOrderInvoiceList": "sales_flat_invoice", "salesOrderShipmentList": "sales_flat_shipment",
}  # fmt: skip


def _unknown_column(call: Call, column: str) -> SoapFault:
    """Customers and products name the attribute; flat tables spill the whole statement, values included."""
    if "ustomer" in call.method:
        return SoapFault("101", f"Invalid attribute name: {column}")
    if "Product" in call.method:
        return SoapFault("1", f"Invalid attribute name: {column}")
    value = next(iter(call.conditions[column].values()), "")
    joined = "" if call.method in _MAIN_TABLES else (
        "\n LEFT JOIN `sales_flat_order_address` AS `billing_o_a` ON (main_table.entity_id = billing_o_a.parent_id)"
    )  # fmt: skip
    main = _MAIN_TABLES.get(call.method, "sales_flat_order")
    statement = f"SELECT `main_table`.* FROM `{main}` AS `main_table`{joined} WHERE (`{column}` = '{value}')"  # noqa: S608 - never run
    missing = f"SQLSTATE[42S22]: Column not found: 1054 Unknown column '{column}' in 'WHERE'"
    return SoapFault("1", f"{missing}, query was: {statement}")
