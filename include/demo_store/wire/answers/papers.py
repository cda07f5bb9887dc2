"""Credit memos, invoices and shipments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from include.demo_store.generate.credit_memos import CreditMemo
from include.demo_store.generate.invoices import Invoice
from include.demo_store.generate.shipments import Shipment
from include.demo_store.registers.papers import PaperRegister
from include.demo_store.shop import Shop
from include.demo_store.wire import render_papers as xml
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.lists import Lists
from include.demo_store.wire.request import Call
from include.demo_store.wire.tables import Papers

_Made = TypeVar("_Made")
MEMO_NOT_EXISTS = SoapFault("100", "Requested credit memo does not exist")
INVOICE_NOT_EXISTS = SoapFault("100", "Requested invoice not exists.")
SHIPMENT_NOT_EXISTS = SoapFault("100", "Requested shipment not exists.")


class PaperAnswers:
    """Methods about what is written for an order.

    Args:
        shop: whose.
        lists: answers list calls.
    """

    def __init__(self, shop: Shop, lists: Lists) -> None:
        self._shop, self._lists = shop, lists
        self._memos = Papers(shop, "credit_memos", "salesOrderCreditmemoEntity", lambda n: self._memo(n).row)
        self._invoices = Papers(shop, "invoices", "salesOrderInvoiceEntity", lambda n: self._invoice(n).row)
        self._shipments = Papers(
            shop, "shipments", "salesOrderShipmentEntity", lambda n: self._shipment(n).row
        )

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        core, registers = self._lists.core, self._shop.registers
        return {
            "salesOrderCreditmemoList": lambda call: core(
                call, "credit_memo", self._memos, lambda number: xml.listed_memo(self._memo(number))
            ),
            "salesOrderInvoiceList": lambda call: core(
                call, "invoice", self._invoices, lambda number: xml.listed_invoice(self._invoice(number))
            ),
            "salesOrderShipmentList": lambda call: core(
                call, "shipment", self._shipments, lambda number: xml.listed_shipment(self._shipment(number))
            ),
            "salesOrderCreditmemoInfo": lambda call: [
                xml.info_memo(self._memo(self._asked(call, "creditmemo", registers.credit_memos))).encode()
            ],
            "salesOrderInvoiceInfo": lambda call: [
                xml.info_invoice(self._invoice(self._asked(call, "invoice", registers.invoices))).encode()
            ],
            "salesOrderShipmentInfo": lambda call: [
                xml.info_shipment(self._shipment(self._asked(call, "shipment", registers.shipments))).encode()
            ],
        }

    def _memo(self, number: int) -> CreditMemo:
        return _there(self._shop.credit_memo(number), MEMO_NOT_EXISTS)

    def _invoice(self, number: int) -> Invoice:
        return _there(self._shop.invoice(number), INVOICE_NOT_EXISTS)

    def _shipment(self, number: int) -> Shipment:
        return _there(self._shop.shipment(number), SHIPMENT_NOT_EXISTS)

    def _asked(self, call: Call, kind: str, register: PaperRegister) -> int:
        number = register.id_of(call.text.get(f"{kind}IncrementId", "")) or 0
        self._lists.survive("credit_memo" if kind == "creditmemo" else kind, [number])
        return number


def _there(made: _Made | None, missing: SoapFault) -> _Made:
    if made is None:
        raise missing
    return made
