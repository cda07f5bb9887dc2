"""A shop of numbered orders behind the three order calls, in which single records or whole calls can be broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from include.magento.door import IdRange
from include.magento.soap.reading import InfoCall, SoapReading
from tests.magento.soap.scripted_store import Raw, ScriptedStore, fault, record, rows

STOCK = (InfoCall(method="salesOrderInfo", argument="orderIncrementId", value_field="increment_id"),)
ORDERS = SoapReading(
    spine="salesOrderList", id_field="order_id", filter_id="entity_id", bridge="oroOrderList", stock=STOCK
)
BARE = SoapReading(spine="salesOrderList", id_field="order_id", filter_id="entity_id", stock=STOCK)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = IdRange(low=0, high=10)


class Shop:
    """Orders 1 to n, one a minute from NOON on; `poison` breaks a call that touches it, `broken` breaks a call."""

    def __init__(self, store: ScriptedStore, count: int) -> None:
        self.ids = list(range(1, count + 1))
        self.poison: dict[str, set[int]] = {}
        self.broken: set[str] = set()
        self.store = store
        for method in ("salesOrderList", "oroOrderList"):
            store.on(method, lambda asked, method=method: self.listed(method, asked))
        store.on("salesOrderInfo", self.info)

    def row(self, number):
        stamp = (NOON + timedelta(minutes=number)).strftime("%Y-%m-%d %H:%M:%S")
        return {"order_id": number, "increment_id": f"N{number}", "updated_at": stamp, "created_at": stamp}

    def wanted(self, asked):
        for number in self.ids:
            row = self.row(number)
            if "entity_id in" in asked and str(number) not in asked["entity_id in"].split(","):
                continue
            if "entity_id gt" in asked and number <= int(asked["entity_id gt"]):
                continue
            fields = ("created_at", "updated_at")
            if all(asked.get(f"{f} from", "") <= row[f] <= asked.get(f"{f} to", "9") for f in fields):
                yield number

    def listed(self, method, asked):
        found = list(self.wanted(asked))
        if method in self.broken or set(found) & self.poison.get(method, set()):
            return Raw(b"", 500)
        extra = {"detail": "bridge"} if method == "oroOrderList" else {}
        return rows(*({**self.row(n), **extra} for n in reversed(found)))

    def info(self, asked):
        number = int(asked["orderIncrementId"][1:])
        if "salesOrderInfo" in self.broken or number in self.poison.get("salesOrderInfo", set()):
            return fault("SOAP-ENV:Server", "SOAP-ERROR: Encoding: object has no property", 500)
        if number not in self.ids:
            return fault("100", "Requested order not exists.")
        return record({**self.row(number), "detail": "stock"})


def read(door, reading=ORDERS, selection=ALL, page_size=4, keep=None):
    pages = list(door.read(reading, selection, page_size=page_size, keep=keep))
    details = {int(r["order_id"]): r.get("detail") for page in pages for r in page.records}
    assert len(details) == sum(len(page.records) for page in pages)
    return details, [bad.id for page in pages for bad in page.unreadable]
